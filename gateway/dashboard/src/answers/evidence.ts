export type Evidence = { href?: string; index?: number; text?: string }

/**
 * Where a claim's proof can be seen. The service names it as an index in the audit log, as an address, or as an object
 * holding one of these. Only addresses of this site and HTTPS ones become links: evidence is data, not markup.
 */
export function evidenceOf(evidence: unknown): Evidence | undefined {
  if (typeof evidence === 'number') return { index: evidence, href: `/api/audit/entries/${evidence}/proof` }
  if (typeof evidence === 'string') return isAddress(evidence) ? { href: evidence } : { text: evidence }
  if (typeof evidence !== 'object' || evidence === null) return undefined
  if ('index' in evidence && typeof evidence.index === 'number') return evidenceOf(evidence.index)
  for (const name of ['proof', 'href', 'url'] as const) {
    const value = (evidence as Record<string, unknown>)[name]
    if (typeof value === 'string' && isAddress(value)) return { href: value }
  }
  return undefined
}

const isAddress = (value: string): boolean => /^\/(?!\/)/.test(value) || value.startsWith('https://')
