import { createHash } from 'node:crypto';
import path from 'node:path';

/** Longest name of a file or folder on the usual disks, in bytes. */
const MAX_BYTES = 255;

/**
 * A file's name that leaves `room` bytes for what is put to it; a longer one is cut within its stem and gets a few
 * digits of its own, so that no two become one.
 *
 * @param room bytes of the suffix that its caller adds
 */
export function fitName(name: string, room = 0): string {
  if (Buffer.byteLength(name) + room <= MAX_BYTES) {
    return name;
  }
  const { name: stem, ext } = path.posix.parse(name);
  const mark = `~${createHash('sha256').update(name).digest('hex').slice(0, 8)}`;
  const least = MAX_BYTES - room - Buffer.byteLength(mark);
  const ending = Buffer.byteLength(ext) < least / 2 ? ext : '';
  let kept = '';
  let bytes = Buffer.byteLength(ending);
  for (const sign of ending === ext ? stem : name) {
    bytes += Buffer.byteLength(sign);
    if (bytes > least) {
      break;
    }
    kept += sign;
  }
  return `${kept}${mark}${ending}`;
}
