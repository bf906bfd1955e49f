/** `npm run docs:env`: renews the settings in ARCHITECTURE.md and `.env.example` from lib/env/settings.ts. */
import { readFileSync, writeFileSync } from 'node:fs';
import { settingsExample, withSettingsTable } from '../lib/env/document';

writeFileSync('.env.example', settingsExample());
writeFileSync('ARCHITECTURE.md', withSettingsTable(readFileSync('ARCHITECTURE.md', 'utf8')));
