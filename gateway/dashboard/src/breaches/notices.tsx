import { usePages } from '../api/queries'
import type { BreachNotice } from '../api/types'
import { useMessages } from '../i18n'
import { LoadedList, Panel, Quiet, When } from '../ui/parts'
import ui from '../ui/ui.module.css'

export function NoticeTable({ route }: { route: string }) {
  const t = useMessages()
  const pages = usePages<BreachNotice>(`${route}/notices`)
  return (
    <Panel padded={pages.data?.pages[0]?.items.length === 0}>
      <LoadedList pages={pages} empty={<Quiet>{t.breaches.noticesEmpty}</Quiet>}>
        {(notices) => (
          <div className={ui.scroll}>
            <table className={ui.table}>
              <thead>
                <tr>
                  <th scope="col">{t.breaches.to}</th>
                  <th scope="col">{t.breaches.sent}</th>
                  <th scope="col">{t.breaches.receipt}</th>
                </tr>
              </thead>
              <tbody>
                {notices.map((notice) => (
                  <tr key={notice.id}>
                    <td>{notice.audience}</td>
                    <td>{notice.sentAt ? <When at={notice.sentAt} /> : <Quiet>{notice.state}</Quiet>}</td>
                    <td>{notice.receipt ? t.yes : t.no}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </LoadedList>
    </Panel>
  )
}
