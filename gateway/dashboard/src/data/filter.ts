export const operators = ['eq', 'ne', 'ge', 'le', 'gt', 'lt'] as const

export type Operator = (typeof operators)[number]

export type Condition = { field: string; operator: Operator; value: string }

/** The filter in the API's own language: `level ge 3 and email eq "x@y.dk"`. */
export function expressionOf(conditions: Condition[], isNumeric: (field: string) => boolean): string {
  return conditions
    .map(({ field, operator, value }) => `${field} ${operator} ${literal(value, isNumeric(field))}`)
    .join(' and ')
}

function literal(value: string, numeric: boolean): string {
  if (numeric && /^-?\d+(\.\d+)?$/.test(value)) return value
  if (value === 'true' || value === 'false') return value
  return `"${value.replace(/\\/g, '\\\\').replace(/"/g, '\\"')}"`
}
