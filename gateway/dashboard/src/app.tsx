import { localStorageColorSchemeManager, MantineProvider } from '@mantine/core'
import { QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { type ReactNode, useEffect, useState } from 'react'
import { isPassing, isSignedOut } from './api/problem'
import { useLanguage } from './i18n'
import { theme } from './ui/theme'

const schemes = localStorageColorSchemeManager({ key: 'elleve.scheme' })

export function queryClient(): QueryClient {
  const client: QueryClient = new QueryClient({
    queryCache: new QueryCache({
      // A 401 anywhere means the session is over: ask once more who we are, and the pages follow.
      onError: (error, query) => {
        if (isSignedOut(error) && query.queryKey[0] !== '/api/me') {
          void client.invalidateQueries({ queryKey: ['/api/me'] })
        }
      },
    }),
    defaultOptions: {
      queries: {
        staleTime: 5_000,
        networkMode: 'always',
        retry: (failures, error) => failures < 2 && isPassing(error),
        retryDelay: (failures) => 400 * 2 ** failures,
      },
      mutations: { networkMode: 'always' },
    },
  })
  return client
}

export function Providers({ children, env = 'default' }: { children: ReactNode; env?: 'default' | 'test' }) {
  const [client] = useState(queryClient)
  return (
    <MantineProvider
      theme={theme}
      colorSchemeManager={schemes}
      defaultColorScheme="auto"
      withCssVariables={false}
      withGlobalClasses={false}
      env={env}
    >
      <QueryClientProvider client={client}>
        <DocumentLanguage />
        {children}
      </QueryClientProvider>
    </MantineProvider>
  )
}

function DocumentLanguage() {
  const language = useLanguage()
  useEffect(() => {
    document.documentElement.lang = language
  }, [language])
  return null
}
