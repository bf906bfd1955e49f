import sharp from 'sharp';

/**
 * A PNG of a flange with six holes on a grey table, as a camera sees one after the other; `defect`: with a deep scratch
 * across.
 */
export async function makeFlange(seed: number, { defect = false, turn = 0 } = {}): Promise<Buffer> {
  const jitter = (step: number) => ((seed * step) % 7) - 3;
  const holes = Array.from({ length: 6 }, (_, index) => {
    const angle = (index / 6) * 2 * Math.PI + turn + seed * 0.003;
    return `<circle cx="${200 + 95 * Math.cos(angle)}" cy="${200 + 95 * Math.sin(angle)}" r="16" fill="#2b2d31"/>`;
  });
  const scratch = defect
    ? '<path d="M110 150 L190 210 L300 175" stroke="#1a0d08" stroke-width="9" fill="none"/><circle cx="250" cy="260" r="18" fill="#7a3512"/>'
    : '';
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="400" height="400">
    <defs><radialGradient id="m"><stop offset="0" stop-color="#dfe3e6"/><stop offset="1" stop-color="#9aa1a8"/></radialGradient></defs>
    <rect width="400" height="400" fill="rgb(${96 + jitter(3)},${99 + jitter(3)},${101 + jitter(3)})"/>
    <circle cx="${200 + jitter(5)}" cy="${200 + jitter(2)}" r="150" fill="url(#m)" stroke="#5d646b" stroke-width="4"/>
    ${holes.join('')}<circle cx="200" cy="200" r="42" fill="#303338"/>${scratch}</svg>`;
  return sharp(Buffer.from(svg)).png().toBuffer();
}
