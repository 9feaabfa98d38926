import type { Comparison } from '../api/types'

/** The newest comparison of each database, in the order of their names, and all others as they came: newest first. */
export function newestAndEarlier(all: Comparison[]): { newest: Comparison[]; earlier: Comparison[] } {
  const newest = new Map<string, Comparison>()
  for (const comparison of all) {
    const known = newest.get(comparison.source)
    if (known === undefined || Date.parse(comparison.ended) > Date.parse(known.ended)) {
      newest.set(comparison.source, comparison)
    }
  }
  return {
    newest: [...newest.values()].toSorted((a, b) => a.source.localeCompare(b.source)),
    earlier: all.filter((comparison) => newest.get(comparison.source) !== comparison),
  }
}
