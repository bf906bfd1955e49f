/** `npm run docs:rooms`: renews the table of rooms in ARCHITECTURE.md from lib/rooms.json. */
import { readFileSync, writeFileSync } from 'node:fs';
import { withRoomTable } from './room-table';

writeFileSync('ARCHITECTURE.md', withRoomTable(readFileSync('ARCHITECTURE.md', 'utf8')));
