import type { Area } from '../api/types'
import { useLanguage, useMessages } from '../i18n'
import { formatDuration } from '../i18n/format'

/** What Art. 30 asks of an area, in short. */
export function AreaFacts({ area }: { area: Area }) {
  const t = useMessages()
  const language = useLanguage()
  const facts = [
    [t.data.legalBasis, t.data.article(area.legalBasis)],
    [t.data.retention, formatDuration(area.retention, language)],
    [t.data.subjects, area.dataSubjects.join(', ')],
    [t.data.categories, area.dataCategories.join(', ')],
    [t.data.recipients, area.recipients.join(', ')],
  ] as const
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
