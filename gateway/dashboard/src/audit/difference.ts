export type FieldChange = {
  field: string
  before: unknown
  after: unknown
  change: 'added' | 'removed' | 'changed' | 'same'
}

type Image = Record<string, unknown> | undefined

/** What a change did, field by field: the changed ones first, otherwise in the order of the images. */
export function difference(before: Image, after: Image): FieldChange[] {
  const fields = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])]
  return fields
    .map((field) => ({
      field,
      before: before?.[field],
      after: after?.[field],
      change: changeOf(field, before ?? {}, after ?? {}),
    }))
    .toSorted((a, b) => Number(a.change === 'same') - Number(b.change === 'same'))
}

function changeOf(
  field: string,
  before: Record<string, unknown>,
  after: Record<string, unknown>,
): FieldChange['change'] {
  if (!(field in before)) return 'added'
  if (!(field in after)) return 'removed'
  return JSON.stringify(before[field]) === JSON.stringify(after[field]) ? 'same' : 'changed'
}
