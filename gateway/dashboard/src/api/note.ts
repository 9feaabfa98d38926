/** A signed tree head, read from the checkpoint's C2SP note. */
export type Checkpoint = { origin: string; size: number; root: string; signers: string[] }

/** Reads a C2SP checkpoint: origin, size and root hash, an empty line, then one `— name signature` per signer. */
export function parseCheckpoint(note: string): Checkpoint {
  const [head = '', ...tails] = note.split('\n\n')
  const [origin, size, root] = head.split('\n')
  if (!origin || !root || !/^\d+$/.test(size ?? ''))
    throw new Error('The checkpoint is not a signed tree head')
  const signers = tails
    .join('\n')
    .split('\n')
    .flatMap((line) => (line.startsWith('— ') ? [line.slice(2).split(' ')[0] ?? ''] : []))
  return { origin, size: Number(size), root, signers }
}
