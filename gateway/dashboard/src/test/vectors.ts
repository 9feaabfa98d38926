import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { TestContext } from 'vitest'

/**
 * Published test vectors, kept outside the project; tests over them are skipped where they are not at hand.
 * `ELLEVE_SHARED` names the folder; otherwise it is the first `shared` above.
 */
export function vectors<T>(context: TestContext, name: string): T {
  const file = folders()
    .map((folder) => join(folder, 'vectors', name))
    .find(existsSync)
  if (file === undefined)
    context.skip(`no shared/vectors/${name} above ${resolve()}; ELLEVE_SHARED names the folder`)
  // Some numbers are as large as 2^64 - 1: those become texts, which BigInt reads.
  const written = readFileSync(file as string, 'utf8')
  return JSON.parse(written.replace(/: ([0-9]{16,})/g, ': "$1"')) as T
}

function folders(): string[] {
  const named = process.env.ELLEVE_SHARED
  if (named !== undefined) return [named]
  const found: string[] = []
  for (let folder = resolve(); ; folder = dirname(folder)) {
    found.push(join(folder, 'shared'))
    if (folder === dirname(folder)) return found
  }
}
