import { useEffect, useRef, useState } from 'react'
import { Failed, type Failure } from './failure'
import type { VerifierKey } from './key'
import { type Verified, verifyFile } from './verify'

export type Run =
  | { state: 'waiting' }
  | { state: 'running'; read: number; searching: boolean }
  | { state: 'verified'; found: Verified }
  | { state: 'failed'; failure: Failure }
  | { state: 'stopped' }
  | { state: 'unreadable' }

/** Verifies the file as soon as there are keys, anew with others, and stops when nobody looks any more. */
export function useVerification(
  file: File,
  keys: VerifierKey[] | undefined,
): { run: Run; stop: () => void; again: () => void } {
  const [run, setRun] = useState<Run>({ state: 'waiting' })
  const [attempt, setAttempt] = useState(0)
  const stopping = useRef<AbortController>(undefined)
  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt is another run
  useEffect(() => {
    if (keys === undefined) {
      setRun({ state: 'waiting' })
      return
    }
    const controller = new AbortController()
    stopping.current = controller
    const show = (next: Run) => {
      if (!controller.signal.aborted) setRun(next)
    }
    show({ state: 'running', read: 0, searching: false })
    verifyFile(file, keys, controller.signal, {
      read: (read) => show({ state: 'running', read, searching: false }),
      searching: () => show({ state: 'running', read: 0, searching: true }),
    }).then(
      (found) => show({ state: 'verified', found }),
      (error: unknown) => {
        if (controller.signal.aborted) return
        if (error instanceof Failed) show({ state: 'failed', failure: error.failure })
        // The browser's own: the file is gone, or was changed.
        else if (error instanceof DOMException) show({ state: 'unreadable' })
        // Ours; the page shows that it failed, and no verdict.
        else
          setRun(() => {
            throw error
          })
      },
    )
    return () => controller.abort()
  }, [file, keys, attempt])
  return {
    run,
    stop: () => {
      stopping.current?.abort()
      setRun({ state: 'stopped' })
    },
    again: () => setAttempt((before) => before + 1),
  }
}
