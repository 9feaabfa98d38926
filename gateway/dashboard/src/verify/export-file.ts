import { type Bytes, base64, unsigned, utf8 } from './bytes'
import { openCheckpoint, type SignedCheckpoint } from './checkpoint'
import { Failed, failed, require } from './failure'
import { leafHash, parseHash } from './hash'
import type { VerifierKey } from './key'
import { checkText, type Leaf, parseLeaf, TENANT_HEAD } from './leaf'
import { type Line, linesOf, type Source } from './lines'
import { Inclusions } from './merkle'
import { parseNote } from './note'

/** Entries as JSON Lines that prove themselves (`foundation/tlog`, `ExportFile`); several parts may follow each other. */
export type VerifiedExport = {
  kind: 'export'
  /** Of the last part. */
  checkpoint: SignedCheckpoint
  parts: number
  entries: number
  /** How many say what happened; the others are redacted, or their key is destroyed. */
  told: number
  first: bigint | undefined
  last: bigint | undefined
  chains: Chain[]
}

/** The entries of one tenant. A chain without gaps shows that nothing was left out between its first and its last. */
export type Chain = {
  /** As the exporter calls it; absent for the platform. The log knows the pseudonym only. */
  name: string | undefined
  tenant: string
  first: bigint
  last: bigint
  /** How often its numbers jump. */
  gaps: number
  /** When its newest head was logged: until then nothing lacks at the end either. */
  head: string | undefined
}

export const EXPORT_MARK = '{"elleve-export":1,"checkpoint":"'
const MARK_END = '"}'
const END = '{"end":true}'

const LINE =
  /^\{"index":(?<index>[0-9]+),(?<head>"time":"[^"]*","kind":"[^"]*","flags":\[[^\]]*\]),"tenant":(?<tenant>null|"[^"]*"),"content":(?<content>.*),"salt":(?<salt>null|"[^"]*"),"leaf":"(?<leaf>[^"]*)","path":\[(?<path>[^\]]*)\]\}$/s

type Parts = Record<'index' | 'head' | 'tenant' | 'content' | 'salt' | 'leaf' | 'path', string>

export async function verifyExport(
  file: Source,
  keys: VerifierKey[],
  signal: AbortSignal,
  read: (bytes: number) => void = () => {},
): Promise<VerifiedExport> {
  const check = new Check(keys)
  for await (const line of linesOf(file, signal, read)) {
    signal.throwIfAborted()
    try {
      await check.next(line)
    } catch (error) {
      throw error instanceof Failed ? error.at({ line: line.number }) : error
    }
  }
  return check.facts()
}

/** What is known after so many lines. */
class Check {
  readonly #keys: VerifierKey[]
  readonly #chains = new Map<string, Chain & { index: bigint }>()
  #checkpoint: SignedCheckpoint | undefined
  #inclusions: Inclusions | undefined
  #parts = 0
  #entries = 0
  #told = 0
  #first: bigint | undefined
  #last: bigint | undefined
  #ended = false
  /** The path of the entry before; its neighbour's has most hashes in common, which need not be decoded again. */
  #path = new Map<string, Bytes>()

  constructor(keys: VerifierKey[]) {
    this.#keys = keys
  }

  async next(line: Line): Promise<void> {
    if (line.text.startsWith(EXPORT_MARK) && line.text.endsWith(MARK_END)) {
      await this.#begin(line.text.slice(EXPORT_MARK.length, -MARK_END.length))
    } else if (line.text === END) {
      this.#ended = true
    } else {
      await this.#entry(line)
    }
  }

  async #begin(note: string): Promise<void> {
    const before = this.#checkpoint
    let now: SignedCheckpoint
    try {
      now = await openCheckpoint(parseNote(unescaped(note)), this.#keys)
    } catch (error) {
      // The note's own lines are written into this one.
      throw error instanceof Failed ? new Failed({ ...error.failure, place: {} }) : error
    }
    if (before !== undefined && before.origin !== now.origin)
      throw failed('export-log', { origin: now.origin })
    this.#checkpoint = now
    this.#inclusions = new Inclusions(now.size, now.root)
    this.#parts++
    this.#ended = false
  }

  async #entry(line: Line): Promise<void> {
    const parts = LINE.exec(line.text)?.groups as Parts | undefined
    if (this.#inclusions === undefined || this.#ended || parts === undefined) {
      // A download that broke off mostly does so inside a line.
      if (!line.whole && !this.#ended) throw failed('export-broke-off-inside', { after: this.#last })
      throw failed('export-line', {})
    }
    const index = unsigned(parts.index, 'index')
    try {
      await this.#proved(index, parts, this.#inclusions)
    } catch (error) {
      throw error instanceof Failed ? error.at({ index }) : error
    }
    this.#first ??= index
    this.#last = index
    this.#entries++
  }

  async #proved(index: bigint, parts: Parts, inclusions: Inclusions): Promise<void> {
    if (this.#last !== undefined && index <= this.#last) throw failed('export-order', { after: this.#last })
    const bytes = base64(parts.leaf, 'leaf')
    const leaf = parseLeaf(bytes)
    await inclusions.check(index, await leafHash(bytes), this.#pathOf(parts.path))
    require(parts.head === headOf(leaf), 'export-head', {})
    await this.#content(leaf, parts)
    this.#chain(parts.tenant, leaf, index)
  }

  #pathOf(written: string): Bytes[] {
    const known = this.#path
    this.#path = new Map()
    const texts = written === '' ? [] : written.split(',')
    return texts.map((text, i) => {
      if (!/^".*"$/.test(text)) throw failed('export-path', {})
      const hash = known.get(text) ?? parseHash(text.slice(1, -1), { pathHash: i + 1 })
      this.#path.set(text, hash)
      return hash
    })
  }

  async #content(leaf: Leaf, { content, salt }: Parts): Promise<void> {
    if (content === 'null' && salt === 'null') return
    require(salt !== 'null', 'export-salt', {})
    await checkText(leaf, base64(salt.slice(1, -1), 'salt'), utf8(content))
    this.#told++
  }

  #chain(written: string, { tenant, sequence, previous, kind, time }: Leaf, index: bigint): void {
    const chain = this.#chains.get(tenant)
    const head = kind === TENANT_HEAD ? time : chain?.head
    if (chain === undefined) {
      const name = written === 'null' ? undefined : written.slice(1, -1)
      this.#chains.set(tenant, { name, tenant, first: sequence, last: sequence, gaps: 0, head, index })
      return
    }
    const next = sequence === chain.last + 1n
    if (sequence <= chain.last || (next && previous !== chain.index)) {
      throw failed('export-chain', { tenant: tenant.slice(0, 8), sequence, last: chain.last })
    }
    this.#chains.set(tenant, { ...chain, last: sequence, gaps: chain.gaps + (next ? 0 : 1), head, index })
  }

  facts(): VerifiedExport {
    if (this.#checkpoint === undefined || !this.#ended)
      throw failed('export-broke-off', { after: this.#last })
    return {
      kind: 'export',
      checkpoint: this.#checkpoint,
      parts: this.#parts,
      entries: this.#entries,
      told: this.#told,
      first: this.#first,
      last: this.#last,
      chains: [...this.#chains.values()].map(({ index: _, ...chain }) => chain),
    }
  }
}

const headOf = ({ time, kind, flags }: Leaf): string =>
  `"time":"${time}","kind":"${kind}","flags":[${flags.map((flag) => `"${flag}"`).join(',')}]`

const unescaped = (written: string): string =>
  written.replace(/\\(.?)/gs, (_, c: string) => (c === 'n' ? '\n' : c))
