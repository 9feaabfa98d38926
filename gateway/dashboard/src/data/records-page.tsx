import { Button, NativeSelect, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useParams } from 'react-router'
import { usePages, useResource } from '../api/queries'
import type { Collection, DataRecord, Schema } from '../api/types'
import { useMessages } from '../i18n'
import { Icon } from '../ui/icons'
import { BackLink, Empty, LoadedList, PageHead, Panel, Quiet, When } from '../ui/parts'
import ui from '../ui/ui.module.css'
import styles from './data.module.css'
import { type Condition, expressionOf, type Operator, operators } from './filter'
import { fieldsOf, isNumeric, personalFieldsOf } from './schema'

export function Component() {
  const t = useMessages()
  const { area = '', collection = '' } = useParams()
  const route = `/api/areas/${encodeURIComponent(area)}/collections/${encodeURIComponent(collection)}`
  const schema = useResource<Collection>(route).data?.schema
  // Kept out of the address bar: a filter may hold an e-mail address, and addresses end in histories and bookmarks.
  const [conditions, setConditions] = useState<Condition[]>([])
  const filter = expressionOf(conditions, (field) => isNumeric(schema, field))
  const pages = usePages<DataRecord>(`${route}/records`, { filter, limit: 25 })
  return (
    <>
      <BackLink to={`/data/${encodeURIComponent(area)}`}>{area}</BackLink>
      <PageHead title={schema?.title ?? collection} />
      <p className={styles.onRecord}>
        <Icon name="info" size={17} />
        {t.data.onRecord}
      </p>
      <Panel>
        <FilterForm schema={schema} add={(condition) => setConditions([...conditions, condition])} />
        {conditions.length > 0 && (
          <Conditions
            conditions={conditions}
            remove={(gone) => setConditions(conditions.filter((condition) => condition !== gone))}
          />
        )}
        <LoadedList
          pages={pages}
          empty={<Empty title={t.data.recordsEmpty} detail={t.data.recordsEmptyDetail} />}
        >
          {(records) => <RecordTable records={records} schema={schema} />}
        </LoadedList>
      </Panel>
    </>
  )
}

function FilterForm({ schema, add }: { schema: Schema | undefined; add: (condition: Condition) => void }) {
  const t = useMessages()
  const fields = fieldsOf(schema)
  const [field, setField] = useState('')
  const [operator, setOperator] = useState<Operator>('eq')
  const [value, setValue] = useState('')
  const chosen = field || fields[0] || ''

  function submit(event: FormEvent) {
    event.preventDefault()
    if (chosen === '' || value.trim() === '') return
    add({ field: chosen, operator, value: value.trim() })
    setValue('')
  }

  return (
    <form className={ui.filters} onSubmit={submit} aria-label={t.data.filter} autoComplete="off">
      {fields.length > 0 ? (
        <NativeSelect
          label={t.data.field}
          value={chosen}
          data={fields}
          onChange={({ currentTarget }) => setField(currentTarget.value)}
        />
      ) : (
        <TextInput
          label={t.data.field}
          value={field}
          spellCheck={false}
          onChange={({ currentTarget }) => setField(currentTarget.value)}
        />
      )}
      <NativeSelect
        label={t.data.operator}
        value={operator}
        data={operators.map((name) => ({ value: name, label: t.data.operators[name] ?? name }))}
        onChange={({ currentTarget }) => setOperator(currentTarget.value as Operator)}
      />
      <TextInput
        label={t.data.value}
        value={value}
        onChange={({ currentTarget }) => setValue(currentTarget.value)}
      />
      <Button data-own type="submit" variant="default">
        {t.data.addCondition}
      </Button>
    </form>
  )
}

function Conditions({ conditions, remove }: { conditions: Condition[]; remove: (gone: Condition) => void }) {
  const t = useMessages()
  return (
    <div className={styles.conditions}>
      {conditions.map((condition, i) => {
        const text = `${condition.field} ${t.data.operators[condition.operator]} ${condition.value}`
        return (
          <span key={text}>
            {i > 0 && <Quiet>{t.data.and} </Quiet>}
            <span className={styles.condition}>
              {text}
              <button type="button" aria-label={t.data.remove(text)} onClick={() => remove(condition)}>
                <Icon name="cross" size={13} />
              </button>
            </span>
          </span>
        )
      })}
    </div>
  )
}

const own = ['id', 'createdAt', 'updatedAt']

function RecordTable({ records, schema }: { records: DataRecord[]; schema: Schema | undefined }) {
  const t = useMessages()
  const found = [...new Set(records.flatMap(Object.keys))].filter((field) => !own.includes(field))
  const fields = [...new Set([...fieldsOf(schema).filter((field) => found.includes(field)), ...found])]
  const personal = new Set(personalFieldsOf(schema))
  return (
    <div className={ui.scroll}>
      <table className={ui.table}>
        <thead>
          <tr>
            {fields.map((field) => (
              <th key={field} scope="col">
                <span className={styles.personal}>
                  {personal.has(field) && <Icon name="lock" size={13} />}
                  {field}
                </span>
              </th>
            ))}
            <th scope="col">{t.data.updated}</th>
          </tr>
        </thead>
        <tbody>
          {records.map((record) => (
            <tr key={record.id}>
              {fields.map((field) => (
                <td key={field}>{cell(record[field])}</td>
              ))}
              <td>
                <When at={record.updatedAt} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function cell(value: unknown) {
  if (value === null || value === undefined) return <Quiet>–</Quiet>
  return typeof value === 'object' ? <span className={ui.mono}>{JSON.stringify(value)}</span> : String(value)
}
