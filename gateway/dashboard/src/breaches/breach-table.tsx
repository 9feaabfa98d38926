import { Link } from 'react-router'
import type { Breach } from '../api/types'
import { textIn, useLanguage, useMessages } from '../i18n'
import { Countdown } from '../ui/countdown'
import { Badge, Quiet, When } from '../ui/parts'
import ui from '../ui/ui.module.css'
import { isOpen, severityTone } from './breaches'

export function BreachTable({ breaches }: { breaches: Breach[] }) {
  const t = useMessages()
  const language = useLanguage()
  return (
    <div className={ui.scroll}>
      <table className={ui.table}>
        <thead>
          <tr>
            <th scope="col">{t.breaches.case}</th>
            <th scope="col">{t.breaches.state}</th>
            <th scope="col">{t.breaches.severity}</th>
            <th scope="col">{t.breaches.tenant}</th>
            <th scope="col">{t.breaches.discovered}</th>
            <th scope="col">{t.breaches.deadline}</th>
          </tr>
        </thead>
        <tbody>
          {breaches.map((breach) => (
            <tr key={breach.id}>
              <td>
                <Link to={`/breaches/${encodeURIComponent(breach.id)}`}>
                  {textIn(language, breach.title)}
                </Link>
              </td>
              <td>
                <BreachState breach={breach} />
              </td>
              <td>
                <Severity severity={breach.severity} />
              </td>
              <td>{breach.tenant ?? <Quiet>{t.platform}</Quiet>}</td>
              <td>
                <When at={breach.discoveredAt} />
              </td>
              <td>
                {breach.deadline ? (
                  <Countdown start={breach.discoveredAt} deadline={breach.deadline} />
                ) : (
                  <Quiet>{t.breaches.noClock}</Quiet>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

export function BreachState({ breach }: { breach: Breach }) {
  const t = useMessages()
  return (
    <Badge tone={isOpen(breach) ? 'warn' : 'plain'} icon={isOpen(breach) ? 'clock' : 'check'}>
      {t.breaches.states[breach.state]}
    </Badge>
  )
}

export function Severity({ severity }: { severity: Breach['severity'] }) {
  const t = useMessages()
  const tone = severityTone(severity)
  return (
    <Badge tone={tone} icon={tone === 'plain' ? 'info' : 'alert'}>
      {t.breaches.severities[severity]}
    </Badge>
  )
}
