import { NativeSelect } from '@mantine/core'
import { useSearchParams } from 'react-router'
import { usePages } from '../api/queries'
import type { Breach } from '../api/types'
import { useMessages } from '../i18n'
import { Empty, LoadedList, PageHead, Panel } from '../ui/parts'
import ui from '../ui/ui.module.css'
import { BreachTable } from './breach-table'
import { openStates } from './breaches'

const states: Breach['state'][] = [...openStates, 'closed']

export function Component() {
  const t = useMessages()
  const [search, setSearch] = useSearchParams()
  const state = search.get('state') ?? ''
  const pages = usePages<Breach>('/api/breaches', { state: state || undefined, limit: 25 }, { every: 15_000 })
  return (
    <>
      <PageHead title={t.breaches.title} lead={t.breaches.lead} />
      <Panel>
        <div className={ui.filters}>
          <NativeSelect
            label={t.breaches.state}
            value={state}
            data={[
              { value: '', label: t.breaches.all },
              ...states.map((value) => ({ value, label: t.breaches.states[value] })),
            ]}
            onChange={({ currentTarget }) =>
              setSearch(currentTarget.value ? { state: currentTarget.value } : {})
            }
          />
        </div>
        <LoadedList
          pages={pages}
          empty={<Empty title={t.breaches.empty} detail={state === '' ? t.breaches.emptyDetail : ''} />}
        >
          {(items) => <BreachTable breaches={items} />}
        </LoadedList>
      </Panel>
    </>
  )
}
