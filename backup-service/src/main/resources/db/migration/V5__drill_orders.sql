-- A drill that is ordered while another is running waits behind it: that one restores a moment before the order.
DROP INDEX data.drill_one_active;
CREATE UNIQUE INDEX drill_one_queued ON data.drill (cluster, cause) WHERE state = 'queued';
CREATE UNIQUE INDEX drill_one_running ON data.drill (cluster) WHERE state = 'running';
