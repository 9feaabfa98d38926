import { Button, Modal, NativeSelect, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { itemsOf, useCommand, usePages } from '../api/queries'
import type { EntryQuery, NewSearch, SavedSearch } from '../api/types'
import { useLanguage, useMessages } from '../i18n'
import { has, useMe } from '../session/session'
import { Notice, ProblemNotice } from '../ui/parts'
import ui from '../ui/ui.module.css'
import styles from './audit.module.css'
import { isEmpty, narrowed, queryOf, SAVED, wordsOf } from './query'

const ROUTE = '/api/audit/searches'

/**
 * Searches kept under a name. Choosing one puts its id into the address and nothing else: what it looks for may name a
 * person's id, and addresses get around.
 */
export function Searches({
  search,
  apply,
}: {
  search: URLSearchParams
  apply: (chosen: Record<string, string>) => void
}) {
  const t = useMessages()
  const language = useLanguage()
  const { me } = useMe()
  const [saving, setSaving] = useState(false)
  const [removing, setRemoving] = useState<SavedSearch>()
  const pages = usePages<SavedSearch>(ROUTE, { limit: 500 })
  const id = search.get(SAVED)
  const all = itemsOf(pages.data)
  const chosen = all.find((each) => each.id === id)
  const query = narrowed(queryOf(search), chosen?.query)
  // A saved search alone is saved already.
  const worthSaving = !isEmpty(queryOf(search)) && (id === null || chosen !== undefined)
  const mayRemove = chosen?.mine || has(me, 'administrator', 'tenant-admin')
  return (
    <>
      <div className={ui.filters}>
        <NativeSelect
          className={styles.saved ?? ''}
          label={t.audit.searches.label}
          value={chosen?.id ?? ''}
          onChange={({ currentTarget: { value } }) => apply(value === '' ? {} : { [SAVED]: value })}
          data={[{ value: '', label: t.audit.searches.none }, ...groups(all, t.audit.searches)]}
        />
        {worthSaving && (
          <Button data-own variant="default" onClick={() => setSaving(true)}>
            {t.audit.searches.save}
          </Button>
        )}
        {chosen !== undefined && mayRemove && (
          <Button data-own variant="subtle" onClick={() => setRemoving(chosen)}>
            {t.audit.searches.remove}
          </Button>
        )}
        {chosen !== undefined && (
          <p className={styles.looksFor}>
            {t.audit.looksFor}: {wordsOf(chosen.query, t, language) || t.audit.searches.none}
          </p>
        )}
      </div>
      {pages.isError && pages.data === undefined && (
        <div className={styles.inPanel}>
          <ProblemNotice error={pages.error} retry={() => void pages.refetch()} />
        </div>
      )}
      {id !== null && pages.data !== undefined && chosen === undefined && !pages.hasNextPage && (
        <div className={styles.inPanel}>
          <Notice tone="plain" title={t.audit.searches.unknown} />
        </div>
      )}
      <Modal
        opened={saving}
        onClose={() => setSaving(false)}
        title={t.audit.searches.save}
        lockScroll={false}
        classNames={{ title: ui.overlayTitle ?? '' }}
        centered
        closeButtonProps={{ 'aria-label': t.close }}
      >
        <Save
          query={query}
          cancel={() => setSaving(false)}
          done={(saved) => {
            setSaving(false)
            apply({ [SAVED]: saved })
          }}
        />
      </Modal>
      <Modal
        opened={removing !== undefined}
        onClose={() => setRemoving(undefined)}
        title={removing && t.audit.searches.removeTitle(removing.name)}
        lockScroll={false}
        classNames={{ title: ui.overlayTitle ?? '' }}
        centered
        closeButtonProps={{ 'aria-label': t.close }}
      >
        {removing !== undefined && (
          <Remove
            id={removing.id}
            cancel={() => setRemoving(undefined)}
            done={() => {
              setRemoving(undefined)
              apply({})
            }}
          />
        )}
      </Modal>
    </>
  )
}

function groups(all: SavedSearch[], names: { mine: string; others: string }) {
  return [
    { group: names.mine, items: all.filter(({ mine }) => mine) },
    { group: names.others, items: all.filter(({ mine }) => !mine) },
  ]
    .filter(({ items }) => items.length > 0)
    .map(({ group, items }) => ({ group, items: items.map(({ id, name }) => ({ value: id, label: name })) }))
}

function Save({
  query,
  cancel,
  done,
}: {
  query: EntryQuery
  cancel: () => void
  done: (id: string) => void
}) {
  const t = useMessages()
  const language = useLanguage()
  const [name, setName] = useState('')
  const [checked, setChecked] = useState(false)
  const save = useCommand<NewSearch, SavedSearch>('POST', ROUTE, [ROUTE])
  const missing = name.trim() === ''

  function submit(event: FormEvent) {
    event.preventDefault()
    setChecked(true)
    if (missing) return
    save.mutate({ name: name.trim(), query }, { onSuccess: (saved) => saved && done(saved.id) })
  }

  return (
    <form className={ui.form} onSubmit={submit} noValidate>
      <p>{wordsOf(query, t, language)}</p>
      <TextInput
        label={t.audit.searches.name}
        description={t.audit.searches.saveLead}
        value={name}
        maxLength={100}
        required
        data-autofocus
        error={checked && missing && t.audit.searches.nameMissing}
        onChange={({ currentTarget }) => setName(currentTarget.value)}
      />
      {save.isError && <ProblemNotice error={save.error} />}
      <div className={ui.formEnd}>
        <Button variant="default" onClick={cancel}>
          {t.cancel}
        </Button>
        <Button type="submit" loading={save.isPending}>
          {t.audit.searches.save}
        </Button>
      </div>
    </form>
  )
}

function Remove({ id, cancel, done }: { id: string; cancel: () => void; done: () => void }) {
  const t = useMessages()
  const remove = useCommand<undefined>('DELETE', `${ROUTE}/${encodeURIComponent(id)}`, [ROUTE])
  return (
    <div className={ui.form}>
      <p>{t.audit.searches.removeLead}</p>
      {remove.isError && <ProblemNotice error={remove.error} />}
      <div className={ui.formEnd}>
        <Button variant="default" onClick={cancel}>
          {t.cancel}
        </Button>
        <Button
          data-autofocus
          loading={remove.isPending}
          onClick={() => remove.mutate(undefined, { onSuccess: done })}
        >
          {t.audit.searches.remove}
        </Button>
      </div>
    </div>
  )
}
