import { TextInput } from '@mantine/core'
import { useMessages } from '../i18n'

/** What the log takes for a reason: nothing that could be somebody's name or a sentence about them. */
export const isReasonWord = (text: string) => /^[a-z][a-z0-9-]{0,59}$/.test(text)

export function ReasonWord({
  example,
  value,
  checked,
  change,
}: {
  example: string
  value: string
  /** Whether it is told that the word is none. */
  checked: boolean
  change: (value: string) => void
}) {
  const words = useMessages().reasonWord
  return (
    <TextInput
      label={words.label}
      description={words.hint(example)}
      value={value}
      required
      data-autofocus
      spellCheck={false}
      error={checked && !isReasonWord(value) && words.wrong}
      onChange={({ currentTarget }) => change(currentTarget.value)}
    />
  )
}
