/** GPT-2's byte-level alphabet: every byte is one printable character of a token's string. */
function buildAlphabet(): Map<string, number> {
  const printable = (byte: number) =>
    (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || (byte >= 0xae && byte <= 0xff);
  const alphabet = new Map<string, number>();
  let next = 256;
  for (let byte = 0; byte < 256; byte += 1) {
    alphabet.set(String.fromCodePoint(printable(byte) ? byte : next++), byte);
  }
  return alphabet;
}

const ALPHABET = buildAlphabet();

/** The bytes that a token's string stands for. */
export function tokenBytes(token: string): Uint8Array {
  return Uint8Array.from([...token].flatMap((character) => ALPHABET.get(character) ?? []));
}

/**
 * Turns the bytes of tokens into text as soon as whole characters are there: a token may end inside a UTF-8 character,
 * and half a character is never given out.
 */
export class Utf8Stream {
  private readonly decoder = new TextDecoder('utf-8', { ignoreBOM: true });

  /** The characters completed by these bytes; invalid bytes become U+FFFD. */
  push(bytes: Uint8Array): string {
    return this.decoder.decode(bytes, { stream: true });
  }
}
