declare module 'subset-font' {
  /**
   * The glyphs of `text` alone, as a font of the wanted format; axes of a variable font are fixed at the given values.
   */
  export default function subsetFont(
    font: Uint8Array,
    text: string,
    options: { targetFormat: 'truetype'; variationAxes?: Record<string, number> },
  ): Promise<Buffer>;
}
