import type { Schema } from '../api/types'

export const fieldsOf = (schema: Schema | null | undefined): string[] => Object.keys(schema?.properties ?? {})

/** Fields the schema marks as personal: `x-personal`, or any of its finer kinds. */
export function personalFieldsOf(schema: Schema | null | undefined): string[] {
  return Object.entries(schema?.properties ?? {}).flatMap(([field, property]) =>
    Object.entries(property).some(
      ([key, value]) => key.startsWith('x-personal') && value !== false && value !== 'none',
    )
      ? [field]
      : [],
  )
}

/** The marks that make an encrypted field findable: a blind index knows equality only. */
export function isSearchable(schema: Schema | null | undefined, field: string): boolean {
  return Boolean(schema?.properties?.[field]?.['x-searchable'])
}

export const isNumeric = (schema: Schema | null | undefined, field: string): boolean =>
  ['number', 'integer'].includes(String(schema?.properties?.[field]?.type))
