import { NativeSelect } from '@mantine/core'
import type { UseQueryResult } from '@tanstack/react-query'
import { useSearchParams } from 'react-router'
import { useResource } from '../api/queries'
import type { Cluster, ClusterClaim, Page } from '../api/types'
import { useMessages } from '../i18n'
import type { IconName } from '../ui/icons'
import { Badge, Panel, Section, type Tone, When } from '../ui/parts'
import ui from '../ui/ui.module.css'
import { useNow } from '../ui/use-now'
import styles from './backups.module.css'

/** The process of a living cluster looks in every minute; after five the service lets it be retired. */
const SILENT = 5 * 60_000

/** Which cluster the page is about; it stands in the address, so that a view can be shared. */
export type Choice = {
  query: UseQueryResult<Page<Cluster>>
  all: Cluster[]
  /** Whether there is anything to choose. */
  several: boolean
  /** The id of the chosen one; none is all of them. */
  chosen: string | undefined
  choose: (id: string) => void
  /** What people call it. */
  nameOf: (id: string) => string
}

export function useChoice(): Choice {
  const [search, setSearch] = useSearchParams()
  const query = useResource<Page<Cluster>>('/api/backups/clusters', { every: 30_000 })
  const all = query.data?.items ?? []
  return {
    query,
    all,
    several: all.length > 1,
    chosen: search.get('cluster') ?? undefined,
    choose: (id) => setSearch(id === '' ? {} : { cluster: id }),
    nameOf: (id) => all.find((each) => each.id === id)?.name ?? id,
  }
}

export function ClusterSelect({ choice: { all, chosen, choose } }: { choice: Choice }) {
  const t = useMessages()
  const unknown = chosen !== undefined && !all.some(({ id }) => id === chosen)
  return (
    <NativeSelect
      className={styles.cluster ?? ''}
      label={t.backups.cluster}
      value={chosen ?? ''}
      data={[
        { value: '', label: t.backups.allClusters },
        ...all.map(({ id, name }) => ({ value: id, label: name })),
        ...(unknown ? [{ value: chosen, label: chosen }] : []),
      ]}
      onChange={({ currentTarget }) => choose(currentTarget.value)}
    />
  )
}

/** Where each cluster, or the chosen one, stands with what is claimed of all. */
export function Clusters({ choice: { all, chosen } }: { choice: Choice }) {
  const t = useMessages()
  const now = useNow(30_000)
  const shown = all.filter(({ id }) => chosen === undefined || id === chosen)
  if (shown.length === 0) return null
  return (
    <Section title={t.backups.measured}>
      <Panel>
        <ul className={styles.clusters}>
          {shown.map((cluster) => (
            <li key={cluster.id} aria-label={cluster.name}>
              <div className={styles.clusterHead}>
                <h3>{cluster.name}</h3>
                {now - Date.parse(cluster.seenAt) > SILENT && (
                  <Badge tone="warn" icon="alert">
                    {t.backups.silent}
                  </Badge>
                )}
                <p>
                  {t.backups.seen} <When at={cluster.seenAt} ago />
                  {!cluster.drills && `. ${t.backups.noDrills}`}
                </p>
              </div>
              <dl className={styles.claims}>
                {cluster.claims.map((claim) => (
                  <Claim key={claim.claim} claim={claim} />
                ))}
              </dl>
            </li>
          ))}
        </ul>
      </Panel>
    </Section>
  )
}

const looks: Record<ClusterClaim['state'], { tone: Tone; icon: IconName }> = {
  holds: { tone: 'good', icon: 'check' },
  fails: { tone: 'bad', icon: 'cross' },
  unmeasured: { tone: 'plain', icon: 'dash' },
}

function Claim({ claim: { claim, state, at, facts } }: { claim: ClusterClaim }) {
  const t = useMessages()
  const { tone, icon } = looks[state]
  return (
    <div>
      <dt>{t.backups.claims[claim] ?? claim}</dt>
      <dd>
        <Badge tone={tone} icon={icon}>
          {t.backups.claimStates[state]}
        </Badge>{' '}
        {at && (
          <span className={styles.measuredAt}>
            <When at={at} ago />
          </span>
        )}
        {state === 'fails' && (
          <span className={ui.why}>
            {facts.reason ??
              Object.entries(facts)
                .map(([name, value]) => `${name} ${value}`)
                .join(', ')}
          </span>
        )}
      </dd>
    </div>
  )
}
