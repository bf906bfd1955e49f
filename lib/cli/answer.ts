import type { TurnEvent } from '@/lib/turn/types';

type Of<Type extends TurnEvent['type']> = Extract<TurnEvent, { type: Type }>;

/** What one turn said, gathered from its events: the object that `ask --json` prints. */
export class Answer {
  text = '';
  readonly inspections: Of<'inspection'>[] = [];
  readonly masks: Of<'mask'>[] = [];
  /** What the product says beside the answer. */
  readonly notices: Of<'notice'>[] = [];
  private readonly rest: Partial<{
    findings: Of<'findings'>['items'];
    sources: Of<'sources'>['sources'];
    checklists: Omit<Of<'checklist'>, 'type'>[];
    followups: Of<'followups'>['followups'];
    timings: Of<'timings'>['timings'];
    engine: Omit<Of<'engine'>, 'type'>;
  }> = {};

  /** Takes an event in; statuses pass by. */
  add(event: TurnEvent): void {
    switch (event.type) {
      case 'text':
        this.text += event.delta;
        break;
      case 'inspection':
        this.inspections.push(event);
        break;
      case 'notice':
        this.notices.push(event);
        break;
      case 'mask':
        this.masks.push(event);
        break;
      case 'findings':
        this.rest.findings = [...(this.rest.findings ?? []), ...event.items];
        break;
      case 'sources':
        this.rest.sources = event.sources;
        break;
      case 'checklist': {
        const { type: _type, ...checklist } = event;
        this.rest.checklists = [...(this.rest.checklists ?? []), checklist];
        break;
      }
      case 'followups':
        this.rest.followups = event.followups;
        break;
      case 'timings':
        this.rest.timings = event.timings;
        break;
      case 'engine': {
        const { type: _type, ...engine } = event;
        this.rest.engine = engine;
        break;
      }
      case 'status':
      case 'glance':
        break;
    }
  }

  toJson() {
    return {
      answer: this.text,
      inspections: this.inspections.map(({ imageId, inspection }) => {
        const { width, height, score, bucket, regions, notes, parts } = inspection;
        const { verdict, probability, foreignness, basis } = inspection;
        const judgement = { verdict, probability, foreignness, basis };
        const remarks = { ...(notes.length > 0 && { notes }), ...(parts?.part && { part: parts.part }) };
        return { image: imageId, width, height, score, bucket, ...judgement, regions, ...remarks };
      }),
      notices: this.notices.map(({ type: _type, imageId, ...notice }) => ({ image: imageId, ...notice })),
      masks: this.masks.map(({ type: _type, imageId, ...mask }) => ({ image: imageId, ...mask })),
      ...this.rest,
    };
  }
}
