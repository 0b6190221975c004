// Judges the channel handlers of templates by AppSync's own rules, and by the types of @aws-appsync/utils.
//
//     node .ci/handlers/lint.mjs TEMPLATE...
//
// A line for each finding, and 1 at the end if there was one. A member of `ctx.info` that is misspelt is found by neither
// (its type lets everything pass); the tests, which run the handlers, find that.
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import plugin from '@aws-appsync/eslint-plugin'
import { Linter } from 'eslint'
import ts from 'typescript'
import { parseDocument } from 'yaml'

const here = path.dirname(fileURLToPath(import.meta.url))

function handlers(template) {
  // Short forms such as !Ref stay what they are: no handler is behind one.
  const { Resources } = parseDocument(readFileSync(template, 'utf8'), { logLevel: 'error' }).toJS()
  return Object.entries(Resources)
    .filter(([, resource]) => resource.Type === 'AWS::AppSync::ChannelNamespace')
    .map(([name, { Properties }]) => ({ name, code: Properties.CodeHandlers }))
}

function forbidden(code) {
  return new Linter().verify(code, [plugin.configs.base]).map((finding) => `${finding.ruleId}: ${finding.message}`)
}

function mistyped(code) {
  const file = path.join(here, 'handler.js')
  const options = {
    allowJs: true,
    checkJs: true,
    noEmit: true,
    strict: true,
    noImplicitAny: false,
    lib: ['lib.es2022.d.ts'],
    types: [],
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    target: ts.ScriptTarget.ES2022,
  }
  const host = ts.createCompilerHost(options)
  const { getSourceFile, fileExists, readFile } = host
  host.fileExists = (name) => name === file || fileExists(name)
  host.readFile = (name) => (name === file ? code : readFile(name))
  host.getSourceFile = (name, ...rest) =>
    name === file ? ts.createSourceFile(name, code, ts.ScriptTarget.ES2022) : getSourceFile(name, ...rest)
  const program = ts.createProgram([file], options, host)
  return ts
    .getPreEmitDiagnostics(program)
    .map((finding) => `TS${finding.code}: ${ts.flattenDiagnosticMessageText(finding.messageText, ' ')}`)
}

let found = 0
for (const template of process.argv.slice(2)) {
  const all = handlers(template)
  if (all.length === 0) {
    console.log(`${template}: no handlers`)
    found++
  }
  for (const { name, code } of all) {
    for (const finding of [...forbidden(code), ...mistyped(code)]) {
      console.log(`${template}: ${finding.replace(/\s+/g, ' ')} (${name})`)
      found++
    }
  }
}
process.exitCode = found ? 1 : 0
