import { expect, test } from 'vitest'
import { Tree } from '../test/tree'
import { vectors } from '../test/vectors'
import { type Bytes, base64, hex, same, toBase64, utf8 } from './bytes'
import { Failed } from './failure'
import { EMPTY_ROOT, leafHash, sha256 } from './hash'
import { checkConsistency, checkInclusion, Inclusions, pathLength, rootOf, sides } from './merkle'
import { consistency } from './tiles'

const LARGEST = 17

const tree = () => Tree.of(131, (i) => Uint8Array.of(i))

/** The code of the failure, or nothing when the check holds. */
async function outcome(check: Promise<unknown>): Promise<string | undefined> {
  try {
    await check
    return undefined
  } catch (error) {
    if (error instanceof Failed) return error.failure.code
    throw error
  }
}

const flipped = (hash: Bytes): Bytes => hash.map((byte, i) => (i === 17 ? byte ^ 4 : byte)) as Bytes

/** Every change of one place in a list of hashes. */
function mutations(path: Bytes[]): [string, Bytes[]][] {
  const other = EMPTY_ROOT
  return [
    ...path.flatMap((hash, i): [string, Bytes[]][] => [
      [`${i} flipped`, path.with(i, flipped(hash))],
      [`${i} deleted`, path.toSpliced(i, 1)],
      [`${i} doubled`, path.toSpliced(i, 0, hash)],
      [`before ${i} inserted`, path.toSpliced(i, 0, other)],
      ...(i > 0
        ? [[`${i} exchanged`, path.with(i, path[i - 1] as Bytes).with(i - 1, hash)] as [string, Bytes[]]]
        : []),
      [`cut at ${i}`, path.slice(0, i)],
    ]),
    ['one more', [...path, other]],
  ]
}

test('every leaf of every small tree is proved, and no changed proof is taken', async () => {
  const whole = await tree()
  for (let size = 1; size <= LARGEST; size++) {
    const root = await whole.root(size)
    for (let index = 0; index < size; index++) {
      const path = await whole.path(index, size)
      const leaf = whole.leaf(index)
      const check = (at: number, of: number, hash: Bytes, way: Bytes[], to: Bytes) =>
        outcome(checkInclusion(BigInt(at), BigInt(of), hash, way, to))

      expect(await check(index, size, leaf, path, root)).toBeUndefined()
      expect(path.length).toBe(pathLength(BigInt(index), BigInt(size)))
      expect(await check(index, size, flipped(leaf), path, root)).toBe('not-included')
      expect(await check(index, size, leaf, path, flipped(root))).toBe('not-included')
      for (let other = 0; other <= size; other++) {
        if (other !== index) expect(await check(other, size, leaf, path, root)).toBeDefined()
      }
      for (const [what, way] of mutations(path)) {
        expect(await check(index, size, leaf, way, root), `${index} of ${size}, ${what}`).toBeDefined()
      }
    }
  }
})

test('the sides of the siblings lead to the root, too', async () => {
  const whole = await tree()
  for (const [index, size] of [
    [0, 1],
    [3, 7],
    [6, 7],
    [8, 9],
    [40, 100],
  ] as const) {
    const path = await whole.path(index, size)
    let hash = whole.leaf(index)
    for (const [i, left] of sides(BigInt(index), BigInt(size), path.length).entries()) {
      const sibling = path[i] as Bytes
      hash = left
        ? await sha256(Uint8Array.of(1), sibling, hash)
        : await sha256(Uint8Array.of(1), hash, sibling)
    }
    expect(hex(hash)).toBe(hex(await whole.root(size)))
  }
})

test('every beginning of every small tree is proved, and no changed proof is taken', async () => {
  const whole = await tree()
  for (let size = 1; size <= LARGEST; size++) {
    const root = await whole.root(size)
    for (let old = 1; old <= size; old++) {
      const oldRoot = await whole.root(old)
      const path = await whole.proof(old, size)
      const check = (from: number, oldest: Bytes, to: number, newest: Bytes, way: Bytes[]) =>
        outcome(checkConsistency(BigInt(from), oldest, BigInt(to), newest, way))

      expect((await consistency(BigInt(old), BigInt(size), whole)).map(hex)).toEqual(path.map(hex))
      expect(await check(old, oldRoot, size, root, path)).toBeUndefined()
      expect(await check(old, flipped(oldRoot), size, root, path)).toBeDefined()
      expect(await check(old, oldRoot, size, flipped(root), path)).toBeDefined()
      if (old < size) expect(await check(size, root, old, oldRoot, path)).toBe('older-larger')
      for (const [what, way] of mutations(path)) {
        expect(await check(old, oldRoot, size, root, way), `${old} of ${size}, ${what}`).toBeDefined()
      }
    }
  }
})

test('what was proved for a neighbour is not hashed again, and a changed path is still seen', async () => {
  const whole = await tree()
  const size = 67
  const root = await whole.root(size)
  const paths = await Promise.all(Array.from({ length: size }, (_, i) => whole.path(i, size)))
  for (const step of [1, 3, 33]) {
    const inclusions = new Inclusions(BigInt(size), root)
    for (let i = 0; i < size; i += step) {
      await inclusions.check(BigInt(i), whole.leaf(i), paths[i] as Bytes[])
      for (const [what, way] of mutations(paths[i + step] ?? [])) {
        const other = new Inclusions(BigInt(size), root)
        await other.check(BigInt(i), whole.leaf(i), paths[i] as Bytes[])
        const changed = other.check(BigInt(i + step), whole.leaf(i + step) ?? EMPTY_ROOT, way)
        expect(await outcome(changed), `${i + step}, ${what}`).toBeDefined()
      }
    }
  }
})

test('an old tree that is empty proves nothing', async () => {
  expect(await outcome(checkConsistency(0n, EMPTY_ROOT, 5n, EMPTY_ROOT, []))).toBe('older-empty')
})

test('an index beyond the tree and a path beyond all trees are refused by name', async () => {
  const path = Array<Bytes>(64).fill(EMPTY_ROOT)
  expect(await outcome(rootOf(5n, 5n, EMPTY_ROOT, []))).toBe('outside')
  expect(await outcome(rootOf(0n, 1n << 63n, EMPTY_ROOT, path))).toBe('path-long')
  expect(await outcome(checkConsistency(3n, EMPTY_ROOT, 1n << 63n, EMPTY_ROOT, path))).toBe('path-long')
})

// The published vectors.

type TreeVectors = {
  emptyRoot: string
  leafInputs: string[]
  rootBySize: string[]
  exhaustive: { derivedHere: Record<'roots' | 'inclusion' | 'consistency', { sha256: string }> }
}

test('roots are the published ones', async (context) => {
  const published = vectors<TreeVectors>(context, 'tree.json')
  const inputs = published.leafInputs.map((input) => Uint8Array.from(Buffer.from(input, 'hex')))
  const whole = await Tree.of(inputs.length, (i) => inputs[i] as Bytes)

  expect(hex(EMPTY_ROOT)).toBe(published.emptyRoot)
  for (const [size, root] of published.rootBySize.entries()) expect(hex(await whole.root(size))).toBe(root)
})

test('every proof of every tree up to 130 leaves verifies and hashes to the derived digests', async (context) => {
  const { derivedHere } = vectors<TreeVectors>(context, 'tree.json').exhaustive
  const whole = await tree()
  const all = { roots: '', inclusion: '', consistency: '' }
  const line = (what: string, path: Bytes[]) => `${[what, ...path.map(hex)].join(' ')}\n`
  for (let size = 0; size <= 130; size++) {
    const root = await whole.root(size)
    all.roots += `${size} ${hex(root)}\n`
    const inclusions = new Inclusions(BigInt(size), root)
    for (let index = 0; index < size; index++) {
      const path = await whole.path(index, size)
      await inclusions.check(BigInt(index), whole.leaf(index), path)
      all.inclusion += line(`${index} ${size}`, path)
    }
    for (let old = 1; old <= size; old++) {
      const path = await consistency(BigInt(old), BigInt(size), whole)
      await checkConsistency(BigInt(old), await whole.root(old), BigInt(size), root, path)
      all.consistency += line(`${old} ${size}`, path)
    }
  }

  for (const name of ['roots', 'inclusion', 'consistency'] as const) {
    expect(hex(await sha256(utf8(all[name]))), name).toBe(derivedHere[name].sha256)
  }
})

type Vector = { name: string; wantErr: boolean; proof: string[] | null } & Record<string, string | number>

const hashes = (vector: Vector): Bytes[] => (vector.proof ?? []).map((hash) => base64(hash, 'root'))

test('inclusion proofs are accepted exactly where the vectors say so', async (context) => {
  const { vectors: all } = vectors<{ vectors: Vector[] }>(context, 'inclusion.json')
  expect(all).toHaveLength(98)
  for (const vector of all) {
    const { leafIdx, treeSize, leafHash: leaf, root } = vector as Record<string, string>
    const check = checkInclusion(
      BigInt(leafIdx as string),
      BigInt(treeSize as string),
      base64(leaf as string, 'leaf'),
      hashes(vector),
      base64(root as string, 'root'),
    )
    expect((await outcome(check)) !== undefined, vector.name).toBe(vector.wantErr)
  }
})

test('consistency proofs are accepted exactly where the vectors say so', async (context) => {
  const { vectors: all } = vectors<{ vectors: Vector[] }>(context, 'consistency.json')
  expect(all).toHaveLength(98)
  for (const vector of all) {
    const { size1, size2, root1, root2 } = vector as Record<string, string | null>
    const check = checkConsistency(
      BigInt(size1 as string),
      base64(root1 ?? '', 'root'),
      BigInt(size2 as string),
      base64(root2 ?? '', 'root'),
      hashes(vector),
    )
    expect((await outcome(check)) !== undefined, vector.name).toBe(vector.wantErr)
  }
})

test('a leaf and a node are hashed with different beginnings', async () => {
  const entry = utf8('x')
  expect(same(await leafHash(entry), await sha256(entry))).toBe(false)
  expect(toBase64(await leafHash(new Uint8Array()))).toBe('bjQLnP+zepicpUTmu3gKLHiQHT+zNzh2hRGjBhevoB0=')
})
