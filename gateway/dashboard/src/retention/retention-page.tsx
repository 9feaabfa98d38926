import { useResource } from '../api/queries'
import type { Rules } from '../api/types'
import { useMessages } from '../i18n'
import { Loaded, PageHead, Section } from '../ui/parts'
import { Holds } from './holds'
import { RULES } from './rules'
import { RulesPanels } from './rules-panels'
import { TakenAway } from './taken-away'

/** How long what the audit log's entries say is kept, what is kept for longer, and what is gone. */
export function Component() {
  const t = useMessages()
  const rules = useResource<Rules>(RULES, { every: 30_000 })
  return (
    <>
      <PageHead title={t.retention.title} lead={t.retention.lead} />
      <Loaded query={rules}>{({ items }) => <RulesPanels rules={items} />}</Loaded>
      <Holds rules={rules.data?.items} />
      <Section title={t.retention.taken.title}>
        <TakenAway />
      </Section>
    </>
  )
}
