import {
  type InfiniteData,
  type UseInfiniteQueryResult,
  type UseMutationResult,
  type UseQueryResult,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query'
import { useRef } from 'react'
import { useLanguage } from '../i18n'
import { get, getText, idempotencyKey, type Query, send, type Unsafe } from './client'
import { type Checkpoint, parseCheckpoint } from './note'
import type { Page } from './types'

/** One resource. The language is part of the key, since the server may answer in it. */
export function useResource<T>(
  route: string,
  options: { every?: number; enabled?: boolean } = {},
): UseQueryResult<T> {
  const language = useLanguage()
  return useQuery({
    queryKey: [route, language],
    queryFn: ({ signal }) => get<T>(route, {}, signal),
    refetchInterval: options.every ?? false,
    enabled: options.enabled ?? true,
  })
}

export type Pages<T> = UseInfiniteQueryResult<InfiniteData<Page<T>>>

/** A list read page by page with the server's cursor. */
export function usePages<T>(
  route: string,
  query: Query = {},
  options: { every?: number; enabled?: boolean } = {},
): Pages<T> {
  const language = useLanguage()
  return useInfiniteQuery({
    queryKey: [route, language, query],
    queryFn: ({ pageParam, signal }) =>
      get<Page<T>>(route, { ...query, ...(pageParam === '' ? {} : { cursor: pageParam }) }, signal),
    initialPageParam: '',
    getNextPageParam: (page) => page.next || undefined,
    refetchInterval: options.every ?? false,
    enabled: options.enabled ?? true,
  })
}

export const itemsOf = <T>(data: InfiniteData<Page<T>> | undefined): T[] =>
  data?.pages.flatMap((page) => page.items) ?? []

export function useCheckpoint(every?: number): UseQueryResult<Checkpoint> {
  return useQuery({
    queryKey: ['/api/log/checkpoint'],
    queryFn: async ({ signal }) => parseCheckpoint(await getText('/api/log/checkpoint', signal)),
    refetchInterval: every ?? false,
  })
}

/**
 * A change. The idempotency key stays the same while the same body is tried again, so a reader who presses twice after
 * a lost answer does not act twice; another body, or success, brings a new key.
 */
export function useCommand<B, R = unknown>(
  method: Unsafe,
  route: string,
  refresh: string[],
): UseMutationResult<R | undefined, Error, B> {
  const client = useQueryClient()
  const attempt = useRef<{ body: string | undefined; key: string } | undefined>(undefined)
  return useMutation({
    mutationFn: (body: B) => {
      // Nothing at all where there is no body.
      const written: string | undefined = JSON.stringify(body)
      if (attempt.current === undefined || attempt.current.body !== written) {
        attempt.current = { body: written, key: idempotencyKey() }
      }
      return send<R>(method, route, body, attempt.current.key)
    },
    onSuccess: async () => {
      attempt.current = undefined
      await Promise.all(refresh.map((changed) => client.invalidateQueries({ queryKey: [changed] })))
    },
  })
}
