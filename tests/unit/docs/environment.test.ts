import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { settingsExample, withSettingsTable } from '@/lib/env/document';
import { settings } from '@/lib/env/settings';

test('the table of ARCHITECTURE.md and .env.example are those of lib/env/settings.ts', () => {
  const text = readFileSync('ARCHITECTURE.md', 'utf8');
  expect(withSettingsTable(text)).toBe(text);
  expect(settingsExample()).toBe(readFileSync('.env.example', 'utf8'));
  for (const name of Object.keys(settings)) {
    expect(text).toContain(`\`${name}\``);
  }
});

test('.env.example sets nothing by itself', () => {
  const lines = readFileSync('.env.example', 'utf8').split('\n');
  expect(lines.filter((line) => line !== '' && !line.startsWith('#'))).toEqual([]);
});

test('.env is read, and what is set already wins', () => {
  const directory = mkdtempSync(join(tmpdir(), 'looktwice-env-'));
  try {
    writeFileSync(join(directory, '.env'), 'LOOKTWICE_THREADS=3\nLOOKTWICE_DATA=/from/file\n');
    const script = `
      const { readEnvFile } = await import(${JSON.stringify(join(process.cwd(), 'scripts/bootstrap.mjs'))});
      readEnvFile(${JSON.stringify(directory)});
      console.log(process.env.LOOKTWICE_THREADS, process.env.LOOKTWICE_DATA);`;
    const env = { ...process.env, LOOKTWICE_DATA: '/set' };
    const stdout = execFileSync(process.execPath, ['--input-type=module', '-e', script], { env, encoding: 'utf8' });
    expect(stdout.trim()).toBe('3 /set');
  } finally {
    rmSync(directory, { recursive: true });
  }
});
