// A dashboard as Grafana's schema describes it, with the options of exactly the panel types that are used here.
import type { Dashboard, Panel, RowPanel } from '@grafana/schema';
import type { Options as StatOptions } from '@grafana/schema/dist/esm/raw/composable/stat/panelcfg/x/StatPanelCfg_types.gen';
import type {
  FieldConfig as TimelineField,
  Options as TimelineOptions,
} from '@grafana/schema/dist/esm/raw/composable/statetimeline/panelcfg/x/StateTimelinePanelCfg_types.gen';
import type {
  FieldConfig as SeriesField,
  Options as SeriesOptions,
} from '@grafana/schema/dist/esm/raw/composable/timeseries/panelcfg/x/TimeSeriesPanelCfg_types.gen';

/** The same as JSON says it: a word where the schema has an enum of words, null where it has an infinity. */
type Plain<T> = T extends string
  ? `${T}`
  : T extends number | boolean | null | undefined
    ? T
    : T extends (infer U)[]
      ? Plain<U>[]
      : { [K in keyof T]: Plain<T[K]> };

/** The first step of thresholds begins at minus infinity, which JSON writes as null. */
type Thresholds = { mode: 'absolute' | 'percentage'; steps: { value: number | null; color: string }[] };

type Query = {
  refId: string;
  datasource: { type: 'prometheus'; uid: '${datasource}' };
  expr: string;
  legendFormat: string;
  instant: boolean;
  range: boolean;
  editorMode: 'code';
};

type Field = NonNullable<Plain<Panel>['fieldConfig']>['defaults'];

/** What the schema leaves open is asked for here: each panel says what it shows and in which unit. */
type Shown<Type extends string, Options, Custom, Unit = { unit: string }> = Omit<
  Plain<Panel>,
  'type' | 'options' | 'fieldConfig' | 'targets' | 'title' | 'description' | 'id'
> & {
  id: number;
  type: Type;
  title: string;
  description: string;
  targets: Query[];
  options: Plain<Options>;
  fieldConfig: {
    defaults: Omit<Field, 'custom' | 'thresholds'> & { custom?: Plain<Custom>; thresholds: Thresholds } & Unit;
    overrides: [];
  };
};

export type Board = Omit<Plain<Dashboard>, 'panels' | 'uid' | 'title' | 'description' | 'annotations'> & {
  uid: string;
  title: string;
  description: string;
  annotations: { list: object[] };
  panels: (
    | Omit<Plain<RowPanel>, 'panels'> & { panels: [] }
    | Shown<'stat', StatOptions, never>
    | Shown<'timeseries', SeriesOptions, SeriesField>
    | Shown<'state-timeline', TimelineOptions, TimelineField, object>
  )[];
};
