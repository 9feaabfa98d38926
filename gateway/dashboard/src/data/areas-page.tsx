import { Link } from 'react-router'
import { usePages } from '../api/queries'
import type { Area } from '../api/types'
import { useMessages } from '../i18n'
import { Empty, LoadedList, PageHead } from '../ui/parts'
import { AreaFacts } from './area-facts'
import styles from './data.module.css'

export function Component() {
  const t = useMessages()
  const pages = usePages<Area>('/api/areas')
  return (
    <>
      <PageHead title={t.data.title} lead={t.data.lead} />
      <LoadedList pages={pages} empty={<Empty title={t.data.empty} detail={t.data.emptyDetail} />}>
        {(areas) => (
          <ul className={styles.areas}>
            {areas.map((area) => (
              <li key={area.id} className={styles.area}>
                <h2>
                  <Link to={`/data/${encodeURIComponent(area.id)}`}>{area.id}</Link>
                </h2>
                <p>{area.purpose}</p>
                <AreaFacts area={area} />
              </li>
            ))}
          </ul>
        )}
      </LoadedList>
    </>
  )
}
