import { type Bytes, hex } from './bytes'
import { Failed, failed } from './failure'
import { isLike, type Link, linkOf, tenantOf } from './leaf'

/**
 * Follows the chain of each tenant's leaves. What breaks one is told only after all hashes were compared: where entries
 * were changed, that is the better explanation.
 */
export class TenantChains {
  readonly #last = new Map<string, { index: number; sequence: bigint }>()
  leaves = 0

  get tenants(): number {
    return this.#last.size
  }

  add(index: number, entry: Bytes): Failed | undefined {
    if (!isLike(entry)) return undefined
    this.leaves++
    let link: Link
    try {
      link = linkOf(entry)
    } catch (error) {
      if (!(error instanceof Failed)) throw error
      return failed('logged-damaged', { why: error.failure }, { index: BigInt(index) })
    }
    const tenant = tenantOf(entry)
    // A character a byte: a map can be asked for a text, and hexadecimal digits, like spread arguments, take much longer.
    const name = String.fromCharCode.apply(null, tenant as unknown as number[])
    const before = this.#last.get(name)
    const sequence = before === undefined ? 1n : before.sequence + 1n
    const previous = before === undefined ? -1n : BigInt(before.index)
    this.#last.set(name, { index, sequence: link.sequence })
    if (link.sequence === sequence && link.previous === previous) return undefined
    const facts = { tenant: hex(tenant), is: { ...link }, must: { sequence, previous } }
    return failed('chain-broken', facts, { index: BigInt(index) })
  }
}
