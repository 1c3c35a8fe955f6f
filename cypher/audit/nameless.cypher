// What the audit would not come across by id, having none.
// access   read
// scan     allowed
// column   label     str
// column   element   str
MATCH (node:Entry|AuditLink|AuditRecord)
WHERE NOT node.id IS :: STRING NOT NULL OR node.id = ''
RETURN
  head([label IN labels(node) WHERE label IN ['Entry', 'AuditLink', 'AuditRecord']]) AS label,
  elementId(node) AS element
ORDER BY element
