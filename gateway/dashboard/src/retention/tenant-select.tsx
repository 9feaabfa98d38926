import { NativeSelect } from '@mantine/core'
import { type ReactNode, useEffect } from 'react'
import { itemsOf, usePages } from '../api/queries'
import type { Tenant } from '../api/types'
import { ProblemNotice } from '../ui/parts'

/** One of all tenants, or none. A choice that a page of the list leaves out could not be made, so all are read. */
export function TenantSelect({
  label,
  none,
  value,
  change,
  error,
}: {
  label: string
  none: string
  value: string
  change: (tenant: string) => void
  error?: ReactNode
}) {
  const pages = usePages<Tenant>('/api/tenants', { limit: 500 })
  const { hasNextPage, isFetching, isError, fetchNextPage } = pages
  useEffect(() => {
    if (hasNextPage && !isFetching && !isError) void fetchNextPage()
  }, [hasNextPage, isFetching, isError, fetchNextPage])
  return (
    <>
      <NativeSelect
        label={label}
        value={value}
        error={error}
        data={[
          { value: '', label: none },
          ...itemsOf(pages.data).map(({ id, name }) => ({ value: id, label: `${name} (${id})` })),
        ]}
        onChange={({ currentTarget }) => change(currentTarget.value)}
      />
      {isError && (
        <ProblemNotice
          error={pages.error}
          retry={() => void (pages.data === undefined ? pages.refetch() : fetchNextPage())}
        />
      )}
    </>
  )
}
