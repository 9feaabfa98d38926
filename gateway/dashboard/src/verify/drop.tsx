import { Button } from '@mantine/core'
import { type DragEvent, useRef, useState } from 'react'
import { useMessages } from '../i18n'
import { Icon } from '../ui/icons'
import { Notice } from '../ui/parts'
import { canChooseFolders, chosenFolder, droppedFolder } from './log-place'
import type { Item } from './use-verification'
import styles from './verify.module.css'

/** React hands on what its types do not know. */
const WHOLE_FOLDER = { webkitdirectory: '' }

/** Where files and folders are given to the page. */
export function Drop({ add }: { add: (items: Item[]) => void }) {
  const t = useMessages()
  const [over, setOver] = useState(false)
  const [nothing, setNothing] = useState<string>()
  const files = useRef<HTMLInputElement>(null)
  const folder = useRef<HTMLInputElement>(null)

  function drop(event: DragEvent) {
    event.preventDefault()
    setOver(false)
    setNothing(undefined)
    const folders: FileSystemDirectoryEntry[] = []
    const loose: File[] = []
    // What was dropped is there only until this returns.
    for (const item of event.dataTransfer.items) {
      const entry = item.kind === 'file' ? item.webkitGetAsEntry?.() : null
      const file = item.getAsFile()
      if (entry?.isDirectory) folders.push(entry as FileSystemDirectoryEntry)
      else if (file !== null) loose.push(file)
    }
    add(loose)
    for (const each of folders) {
      droppedFolder(each).then(
        (items) => given(each.name, items),
        () => setNothing(each.name),
      )
    }
  }

  function given(name: string, items: Item[]) {
    add(items)
    if (items.length === 0) setNothing(name)
  }

  return (
    <>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the buttons inside do the same for everybody */}
      <div
        className={styles.drop}
        data-over={over}
        onDragOver={(event) => {
          event.preventDefault()
          setOver(true)
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        <Icon name="file" size={28} />
        <p>{t.verify.drop}</p>
        <div className={styles.choices}>
          <Button onClick={() => files.current?.click()}>{t.verify.choose}</Button>
          {canChooseFolders() && (
            <Button variant="default" onClick={() => folder.current?.click()}>
              {t.verify.chooseFolder}
            </Button>
          )}
        </div>
        <p className={styles.hint}>{t.verify.dropHint}</p>
        <p className={styles.hint}>{canChooseFolders() ? t.verify.folderHint : t.verify.noFolders}</p>
        <input
          ref={files}
          type="file"
          multiple
          hidden
          aria-label={t.verify.choose}
          onChange={({ currentTarget }) => {
            add([...(currentTarget.files ?? [])])
            currentTarget.value = ''
          }}
        />
        <input
          ref={folder}
          type="file"
          {...WHOLE_FOLDER}
          hidden
          aria-label={t.verify.chooseFolder}
          onChange={({ currentTarget }) => {
            const chosen = [...(currentTarget.files ?? [])]
            setNothing(undefined)
            if (chosen.length > 0) {
              given(chosen[0]?.webkitRelativePath.split('/')[0] ?? '', chosenFolder(chosen))
            }
            currentTarget.value = ''
          }}
        />
      </div>
      {nothing !== undefined && <Notice tone="bad" title={t.verify.nothingIn(nothing)} />}
    </>
  )
}
