// Writes each dashboard as a TypeScript literal of the schema's type and lets the compiler say what does not fit:
// node check.mjs [FOLDER]. A misspelt option, an unknown enum word and a missing unit are errors.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const folder = resolve(process.argv[2] ?? join(here, '..', 'dashboards'));
const written = join(here, 'written');
rmSync(written, { recursive: true, force: true });
mkdirSync(written);

const names = readdirSync(folder).filter((name) => name.endsWith('.json'));
const uids = new Map();
for (const name of names) {
  const board = JSON.parse(readFileSync(join(folder, name), 'utf8'));
  if (uids.has(board.uid)) {
    console.error(`${name} and ${uids.get(board.uid)} have the same uid ${board.uid}`);
    process.exit(1);
  }
  uids.set(board.uid, name);
  writeFileSync(
    join(written, name.replace('.json', '.ts')),
    `import type { Board } from '../schema.js';\nexport const board: Board = ${JSON.stringify(board, null, 1)};\n`,
  );
}
const compiler = spawnSync(process.execPath, [join(here, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', here], {
  cwd: here,
  stdio: 'inherit',
});
if (names.length === 0 || compiler.status !== 0) {
  process.exit(1);
}
console.log(`${names.length} dashboards fit Grafana's schema`);
