export type Language = 'da' | 'en'

const KEY = 'elleve.language'
const listeners = new Set<() => void>()
let current: Language = remembered() ?? preferred()

export const currentLanguage = (): Language => current

export function chooseLanguage(language: Language): void {
  current = language
  try {
    localStorage.setItem(KEY, language)
  } catch {
    // Storage may be blocked; the choice then lasts as long as the page.
  }
  for (const listener of listeners) listener()
}

export function onLanguageChange(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

function remembered(): Language | undefined {
  try {
    const value = localStorage.getItem(KEY)
    return value === 'da' || value === 'en' ? value : undefined
  } catch {
    return undefined
  }
}

/** Danish unless the browser asks for other languages only. */
function preferred(): Language {
  const asked = navigator.languages ?? []
  return asked.length === 0 || asked.some((tag) => /^(da|nb|nn|no)\b/i.test(tag)) ? 'da' : 'en'
}
