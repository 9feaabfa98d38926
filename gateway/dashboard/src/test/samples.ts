import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Bytes, utf8 } from '../verify/bytes'
import { parseKeys, type VerifierKey } from '../verify/key'

/** Files that `foundation/tlog` wrote; its own tests hold them to what it writes. */
const FOLDER = join(import.meta.dirname, '../../../../foundation/tlog/src/test/resources/samples')

export const sample = (name: string): Bytes => new Uint8Array(readFileSync(join(FOLDER, name)))

export const sampleText = (name: string): string => readFileSync(join(FOLDER, name), 'utf8')

export const sampleKeys = (): Promise<VerifierKey[]> => parseKeys(sampleText('log.vkey'))

export const fileOf = (content: string | Bytes, name = 'file'): File =>
  new File([typeof content === 'string' ? utf8(content) : content], name)
