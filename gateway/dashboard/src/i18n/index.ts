import { useSyncExternalStore } from 'react'
import type { Text } from '../api/types'
import { da } from './da'
import { en, type Messages } from './en'
import { currentLanguage, type Language, onLanguageChange } from './language'

export type { Messages } from './en'
export { chooseLanguage, currentLanguage, type Language } from './language'

const messages: Record<Language, Messages> = { da, en }

export function useLanguage(): Language {
  return useSyncExternalStore(onLanguageChange, currentLanguage)
}

export function useMessages(): Messages {
  return messages[useLanguage()]
}

/** A text from the server, which sends both languages, in the reader's. */
export function textIn(language: Language, text: Text): string {
  return text[language]
}
