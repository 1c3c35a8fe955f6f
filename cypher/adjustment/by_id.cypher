// Adjustments by their ids; unknown ids give no row.
// access   read
// param    adjustment_ids  list[str]
// column   adjustment      map          the properties of the node
UNWIND $adjustment_ids AS adjustment_id
MATCH (adjustment:Adjustment {id: adjustment_id})
RETURN adjustment {.*} AS adjustment
