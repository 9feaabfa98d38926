import type { Area } from '../api/types'
import { useLanguage, useMessages } from '../i18n'
import { formatDuration } from '../i18n/format'

/** What Art. 30 asks of an area, in short. */
export function AreaFacts({ area }: { area: Area }) {
  const t = useMessages()
  const language = useLanguage()
  const facts: [string, string | undefined][] = [
    [t.data.legalBasis, area.legalBasis ? t.data.article(area.legalBasis) : undefined],
    [t.data.retention, area.retention ? formatDuration(area.retention, language) : undefined],
    [t.data.subjects, area.dataSubjects?.join(', ')],
    [t.data.categories, area.dataCategories?.join(', ')],
    [t.data.recipients, area.recipients?.join(', ')],
  ]
  return (
    <dl>
      {facts.map(([name, value]) =>
        value ? (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ) : null,
      )}
    </dl>
  )
}
