#pragma once

#include <yaml.h>

/// The scalar of a YAML_SCALAR_EVENT; Swift does not see which member of the union is alive.
static inline const unsigned char *CYAML_scalar(const yaml_event_t *event) { return event->data.scalar.value; }
static inline size_t CYAML_scalar_length(const yaml_event_t *event) { return event->data.scalar.length; }
static inline int CYAML_scalar_is_plain(const yaml_event_t *event) {
  return event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
}

/// Whether a node's event carries an anchor (&name), or a tag (!name).
int CYAML_has_anchor(const yaml_event_t *event);
int CYAML_has_tag(const yaml_event_t *event);
