import { DoorError } from './door-error';

const PREFIX = /^data:image\/[a-z0-9.+-]{1,40}(?:;[a-z0-9-]+=[a-z0-9."-]+)*;base64,/i;
/** Room for the longest prefix; the rest of an address may have millions of characters. */
const PREFIX_LENGTH = 200;

/**
 * The bytes of a picture that is given as a data URI. What they are is for their own first bytes to say, not for the
 * type in the address.
 * @param param the field, for the message
 * @throws DoorError for any other address: this server fetches nothing
 */
export function readDataUri(uri: string, param: string): Uint8Array {
  const prefix = PREFIX.exec(uri.slice(0, PREFIX_LENGTH))?.[0];
  if (prefix === undefined) {
    const message = /^https?:/i.test(uri)
      ? `${param} is a web address, and this server fetches nothing: send the picture itself as data:image/png;base64,...`
      : `${param} is no picture: send it as data:image/png;base64,...`;
    throw new DoorError(message, { param });
  }
  const text = uri.slice(prefix.length);
  if (text === '' || !/^[A-Za-z0-9+/]+={0,2}$/.test(text)) {
    throw new DoorError(`${param} has characters that are not base64: encode the picture again`, { param });
  }
  return Buffer.from(text, 'base64');
}
