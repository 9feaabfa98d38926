import type { Schema } from '../api/types'

export const fieldsOf = (schema: Schema | undefined): string[] => Object.keys(schema?.properties ?? {})

/** Fields the schema marks as personal. */
export function personalFieldsOf(schema: Schema | undefined): string[] {
  return fieldsOf(schema).filter((field) => schema?.properties[field]?.['x-personal'] === true)
}

/** The marks that make an encrypted field findable: a blind index knows equality only. */
export function isSearchable(schema: Schema | undefined, field: string): boolean {
  return Boolean(schema?.properties[field]?.['x-searchable'])
}

export const isNumeric = (schema: Schema | undefined, field: string): boolean =>
  ['number', 'integer'].includes(String(schema?.properties[field]?.type))
