import { Link, useParams } from 'react-router'
import { usePages, useResource } from '../api/queries'
import type { Area, Collection } from '../api/types'
import { useMessages } from '../i18n'
import { Icon } from '../ui/icons'
import { BackLink, Empty, Loaded, LoadedList, PageHead, Section } from '../ui/parts'
import { AreaFacts } from './area-facts'
import styles from './data.module.css'
import { fieldsOf, personalFieldsOf } from './schema'

export function Component() {
  const t = useMessages()
  const id = useParams().area ?? ''
  const route = `/api/areas/${encodeURIComponent(id)}`
  const area = useResource<Area>(route)
  const pages = usePages<Collection>(`${route}/collections`)
  return (
    <>
      <BackLink to="/data">{t.data.title}</BackLink>
      <PageHead title={id} lead={area.data?.purpose} />
      <Loaded query={area}>
        {(found) => (
          <div className={styles.area}>
            <AreaFacts area={found} />
          </div>
        )}
      </Loaded>
      <Section title={t.data.collections}>
        <LoadedList
          pages={pages}
          empty={<Empty title={t.data.collectionsEmpty} detail={t.data.collectionsEmptyDetail} />}
        >
          {(collections) => (
            <ul className={styles.areas}>
              {collections.map((collection) => (
                <li key={collection.id} className={styles.area}>
                  <h3>
                    <Link to={`/data/${encodeURIComponent(id)}/${encodeURIComponent(collection.id)}`}>
                      {collection.schema.title ?? collection.id}
                    </Link>
                  </h3>
                  <p>
                    {t.data.fields(fieldsOf(collection.schema).length)}
                    <br />
                    <span className={styles.personal}>
                      <Icon name="lock" size={14} />
                      {t.data.personalFields(personalFieldsOf(collection.schema).length)}
                    </span>
                  </p>
                </li>
              ))}
            </ul>
          )}
        </LoadedList>
      </Section>
    </>
  )
}
