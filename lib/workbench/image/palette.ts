export type Palette = 'turbo' | 'inferno' | 'viridis' | 'grey';

type Polynomial = readonly (readonly [red: number, green: number, blue: number])[];

/**
 * Polynomial fits of the well-known colour maps, lowest power first: turbo by its authors, the others by M. Zucker
 * (CC0).
 */
const POLYNOMIALS: Record<Exclude<Palette, 'grey'>, Polynomial> = {
  turbo: [
    [0.13572138, 0.09140261, 0.1066733],
    [4.6153926, 2.19418839, 12.64194608],
    [-42.66032258, 4.84296658, -60.58204836],
    [132.13108234, -14.18503333, 110.36276771],
    [-152.94239396, 4.27729857, -89.90310912],
    [59.28637943, 2.82956604, 27.34824973],
  ],
  viridis: [
    [0.2777273, 0.0054073, 0.3340998],
    [0.105093, 1.4046135, 1.3845902],
    [-0.3308618, 0.2148476, 0.0950952],
    [-4.6342305, -5.799101, -19.332441],
    [6.2282699, 14.1799334, 56.6905526],
    [4.776385, -13.7451454, -65.3530326],
    [-5.4354559, 4.6458526, 26.3124352],
  ],
  inferno: [
    [0.0002189, 0.001651, -0.0194809],
    [0.1065134, 0.5639564, 3.9327124],
    [11.6024931, -3.972854, -15.9423941],
    [-41.7039961, 17.4363989, 44.3541452],
    [77.1629357, -33.4023589, -81.8073093],
    [-71.3194282, 32.6260643, 73.2095199],
    [25.1311262, -12.242669, -23.070325],
  ],
};

const tables = new Map<Palette, Uint8ClampedArray>();

/** 256 RGB triples (0..255) of a palette; made once. */
export function paletteTable(palette: Palette): Uint8ClampedArray {
  const known = tables.get(palette);
  if (known) {
    return known;
  }
  const table = new Uint8ClampedArray(256 * 3);
  for (let value = 0; value < 256; value += 1) {
    for (let channel = 0; channel < 3; channel += 1) {
      const t = value / 255;
      const shade =
        palette === 'grey'
          ? t
          : POLYNOMIALS[palette].reduceRight((sum, coefficients) => sum * t + (coefficients[channel] ?? 0), 0);
      table[value * 3 + channel] = Math.round(shade * 255);
    }
  }
  tables.set(palette, table);
  return table;
}

/** A CSS gradient of a palette, left (0) to right (1). */
export function paletteGradient(palette: Palette): string {
  const table = paletteTable(palette);
  const stops = Array.from({ length: 9 }, (_, index) => {
    const at = Math.round((index / 8) * 255) * 3;
    return `rgb(${table[at]} ${table[at + 1]} ${table[at + 2]})`;
  });
  return `linear-gradient(to right, ${stops.join(', ')})`;
}
