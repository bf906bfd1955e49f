import rooms from '../lib/rooms.json';

const BEGIN = '<!-- rooms: written by `npm run docs:rooms` -->';
const END = '<!-- end of rooms -->';

/** The rooms of lib/rooms.json as a Markdown table. */
function roomTable(): string {
  const rows = rooms.map(({ name, places, purpose }) => {
    const folders = (places ?? [`lib/${name}`]).map((place) => `\`${place}\``).join(', ');
    return `| ${folders} | ${purpose} |`;
  });
  return ['| folder | purpose |', '|---|---|', ...rows].join('\n');
}

/**
 * `text` (ARCHITECTURE.md) with the table between its two markers renewed.
 * @throws Error when a marker is missing
 */
export function withRoomTable(text: string): string {
  const begin = text.indexOf(BEGIN);
  const end = text.indexOf(END);
  if (begin < 0 || end < begin) {
    throw new Error(`ARCHITECTURE.md needs the lines "${BEGIN}" and "${END}" around its table of rooms`);
  }
  return `${text.slice(0, begin + BEGIN.length)}\n${roomTable()}\n${text.slice(end)}`;
}
