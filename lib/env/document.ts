import { groups, settings, type SettingName } from './settings';

type GroupName = keyof typeof groups;

const groupNames = Object.keys(groups) as GroupName[];
const membersOf = (group: GroupName) =>
  (Object.keys(settings) as SettingName[])
    .filter((name) => settings[name].group === group)
    .map((name) => ({ name, unset: settings[name].unset, summary: settings[name].summary }));

const exampleOf = (name: SettingName): string => {
  const entry = settings[name];
  return 'example' in entry ? entry.example : '';
};

/** The settings as a Markdown table, grouped, for ARCHITECTURE.md. */
function settingsTable(): string {
  const rows = groupNames.flatMap((group) => [
    `| **${groups[group]}** | | |`,
    ...membersOf(group).map(({ name, unset, summary }) => `| \`${name}\` | ${summary} | ${unset} |`),
  ]);
  return ['| variable | meaning | when not set |', '|---|---|---|', ...rows].join('\n');
}

/** The settings as `.env.example`: every one commented out, so that a copy changes nothing. */
export function settingsExample(): string {
  const sections = groupNames
    .filter((group) => group !== 'internal')
    .map((group) =>
      [
        `# == ${groups[group]}`,
        ...membersOf(group).flatMap(({ name, unset, summary }) => [
          `# ${summary} Not set: ${unset}.`,
          `#${name}=${exampleOf(name)}`,
        ]),
      ].join('\n'),
    );
  const head = [
    '# Settings of LookTwice. Copy this file to .env, which `npm start` and `npm run looktwice` read; variables that',
    '# are set already win. Written by `npm run docs:env` from lib/env/settings.ts.',
  ].join('\n');
  return `${[head, ...sections].join('\n\n')}\n`;
}

const BEGIN = '<!-- settings: written by `npm run docs:env` -->';
const END = '<!-- end of settings -->';

/**
 * `text` with the table between its two markers renewed.
 * @throws Error when a marker is missing
 */
export function withSettingsTable(text: string): string {
  const begin = text.indexOf(BEGIN);
  const end = text.indexOf(END);
  if (begin < 0 || end < begin) {
    throw new Error(`ARCHITECTURE.md needs the lines "${BEGIN}" and "${END}" around its table of settings`);
  }
  return `${text.slice(0, begin + BEGIN.length)}\n${settingsTable()}\n${text.slice(end)}`;
}
