#include "CYAML.h"

int CYAML_has_anchor(const yaml_event_t *event) {
  switch (event->type) {
  case YAML_SCALAR_EVENT: return event->data.scalar.anchor != NULL;
  case YAML_SEQUENCE_START_EVENT: return event->data.sequence_start.anchor != NULL;
  case YAML_MAPPING_START_EVENT: return event->data.mapping_start.anchor != NULL;
  default: return 0;
  }
}

int CYAML_has_tag(const yaml_event_t *event) {
  switch (event->type) {
  case YAML_SCALAR_EVENT: return event->data.scalar.tag != NULL;
  case YAML_SEQUENCE_START_EVENT: return event->data.sequence_start.tag != NULL;
  case YAML_MAPPING_START_EVENT: return event->data.mapping_start.tag != NULL;
  default: return 0;
  }
}
