import { useEffect, useRef, useState } from 'react'
import { Problem, Unreachable } from '../api/problem'
import { Failed, type Failure } from './failure'
import type { VerifierKey } from './key'
import type { LogPlace } from './log-place'
import { type VerifiedFile, verifyFile } from './verify'
import { type Pace, type VerifiedLog, verifyLog } from './verify-log'

/** What a person wants verified. */
export type Item = File | LogPlace

export type Verified = VerifiedFile | VerifiedLog

/** How far it is: bytes read of a file, or entries of a log; or something is looked for. */
export type Step = { read: number } | { searching: true } | Pace

export type Run =
  | { state: 'waiting' }
  | { state: 'running'; step: Step }
  | { state: 'verified'; found: Verified }
  | { state: 'failed'; failure: Failure }
  | { state: 'stopped' }
  | { state: 'unreadable' }

/** Verifies the item as soon as there are keys, anew with others, and stops when nobody looks any more. */
export function useVerification(
  item: Item,
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
    const step = (next: Step) => show({ state: 'running', step: next })
    step({ read: 0 })
    verify(item, keys, controller.signal, step).then(
      (found) => show({ state: 'verified', found }),
      (error: unknown) => {
        if (controller.signal.aborted) return
        if (error instanceof Failed) show({ state: 'failed', failure: error.failure })
        else if (isUnreadable(error)) show({ state: 'unreadable' })
        // Ours; the page shows that it failed, and no verdict.
        else
          setRun(() => {
            throw error
          })
      },
    )
    return () => controller.abort()
  }, [item, keys, attempt])
  return {
    run,
    stop: () => {
      stopping.current?.abort()
      setRun({ state: 'stopped' })
    },
    again: () => setAttempt((before) => before + 1),
  }
}

function verify(
  item: Item,
  keys: VerifierKey[],
  signal: AbortSignal,
  step: (step: Step) => void,
): Promise<Verified> {
  if (!(item instanceof File)) return verifyLog(item, keys, signal, step)
  return verifyFile(item, keys, signal, {
    read: (read) => step({ read }),
    searching: () => step({ searching: true }),
  })
}

/** The file is gone, or was changed; or the network gives nothing. It says nothing about what was to be verified. */
export const isUnreadable = (error: unknown): boolean =>
  error instanceof DOMException || error instanceof Unreachable || error instanceof Problem
