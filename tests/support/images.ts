import sharp from 'sharp';

/** A PNG of a grey surface with a dark stroke; `seed` makes the content differ. */
export async function makePng(seed = 0, width = 320, height = 240): Promise<Buffer> {
  const stroke = `<svg width="${width}" height="${height}"><rect width="100%" height="100%" fill="#b4b6b8"/>
    <line x1="${40 + (seed % 50)}" y1="60" x2="${150 + (seed % 70)}" y2="${120 + (seed % 40)}" stroke="#222" stroke-width="5"/>
    <circle cx="${(seed * 7) % width}" cy="5" r="2" fill="#000"/></svg>`;
  return sharp(Buffer.from(stroke)).png().toBuffer();
}
