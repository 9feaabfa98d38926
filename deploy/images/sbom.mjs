// Writes what an image holds beside Debian's packages as a CycloneDX document.
// node sbom.mjs --name NAME --version VERSION --to FILE [--bom FILE] [--repository DIR --maven FILE…] [--npm LOCK] [--jars LIST]
//   --bom    components of another CycloneDX document, such as the one in a service's jar
//   --maven  an artifact in the Maven repository DIR
//   --npm    a package-lock.json
//   --jars   a file that lists jars, a line each, named as Quarkus does: group.artifact-version.jar
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { basename, relative } from 'node:path'
import { parseArgs } from 'node:util'

const text = { type: 'string' }
const { values } = parseArgs({
  options: {
    name: text, version: text, to: text, bom: text, repository: text, npm: text, jars: text,
    maven: { type: 'string', multiple: true, default: [] },
  },
})
const components = []
const add = (component) => components.push({ type: 'library', 'bom-ref': component.purl ?? component.name, ...component })
const sha256 = (file) => ({ alg: 'SHA-256', content: createHash('sha256').update(readFileSync(file)).digest('hex') })

if (values.bom) components.push(...JSON.parse(readFileSync(values.bom, 'utf8')).components)
for (const file of values.maven) {
  const path = relative(values.repository, file).split('/')
  const [version, name, group] = [path.at(-2), path.at(-3), path.slice(0, -3).join('.')]
  const kind = basename(file).endsWith('.tar.gz') ? '?type=tar.gz' : ''
  add({ group, name, version, purl: `pkg:maven/${group}/${name}@${version}${kind}`, hashes: [sha256(file)] })
}
if (values.npm) {
  const installed = JSON.parse(readFileSync(values.npm, 'utf8')).packages
  for (const [path, { version, dev, license }] of Object.entries(installed)) {
    if (!path || dev) continue
    const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)
    const purl = `pkg:npm/${name.replace('@', '%40')}@${version}`
    if (components.some((each) => each.purl === purl)) continue
    add({ name, version, purl, ...(license && { licenses: [{ expression: license }] }) })
  }
}
if (values.jars) {
  for (const line of readFileSync(values.jars, 'utf8').split('\n')) {
    const [, name, version] = basename(line.trim()).match(/^(.+?)-(\d.*)\.jar$/) ?? []
    if (name) add({ name, version })
  }
}

const document = {
  $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
  bomFormat: 'CycloneDX',
  specVersion: '1.6',
  version: 1,
  metadata: { component: { type: 'container', name: values.name, version: values.version, 'bom-ref': values.name } },
  components,
}
writeFileSync(values.to, `${JSON.stringify(document, null, 1)}\n`)
