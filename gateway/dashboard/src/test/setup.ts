import { cleanup, configure } from '@testing-library/react'
import { afterEach, beforeEach, vi } from 'vitest'
import { chooseLanguage } from '../i18n'

// What jsdom lacks and Mantine asks for.
window.matchMedia ??= (query: string) =>
  ({
    matches: false,
    media: query,
    addEventListener: () => {},
    removeEventListener: () => {},
  }) as unknown as MediaQueryList
window.scrollTo = () => {}
globalThis.ResizeObserver ??= class {
  observe() {}
  unobserve() {}
  disconnect() {}
}

// Pages wait for each other's requests; a busy machine may take its time.
configure({ asyncUtilTimeout: 8_000 })

beforeEach(() => {
  localStorage.clear()
  sessionStorage.clear()
  chooseLanguage('en')
})

afterEach(() => {
  cleanup()
  vi.useRealTimers()
  vi.unstubAllGlobals()
  for (const cookie of document.cookie.split('; ')) {
    // biome-ignore lint/suspicious/noDocumentCookie: the browser's own way, in a test
    document.cookie = `${cookie.split('=')[0]}=; Max-Age=0`
  }
})
