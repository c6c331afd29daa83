-- A store as the first commit with migrations (5f063d3, schema 0001) made it, by its own functions: sqlite3's dump.
BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0001');
CREATE TABLE articles (
	id TEXT NOT NULL, 
	feed_id TEXT NOT NULL, 
	outlet TEXT NOT NULL, 
	url TEXT NOT NULL, 
	title TEXT NOT NULL, 
	summary TEXT NOT NULL, 
	text TEXT NOT NULL, 
	language TEXT NOT NULL, 
	tier TEXT NOT NULL, 
	country TEXT NOT NULL, 
	published_at DATETIME NOT NULL, 
	seen_at DATETIME NOT NULL, 
	dated BOOLEAN NOT NULL, 
	decision_id INTEGER, 
	CONSTRAINT pk_articles PRIMARY KEY (id)
);
INSERT INTO "articles" VALUES('a1','harbour','Harbour Post','https://news.example/1?a=1&b=2','Порт принял второе судно из Раджина','Words about it.','','ru','wire','KR','2026-11-22 09:40:00.000000','2026-11-22 10:00:00.000000',1,2);
INSERT INTO "articles" VALUES('a3','harbour','Harbour Post','https://news.example/3?a=1&b=2','Choir tours the coast','','','en','wire','KR','2026-11-22 17:40:00.000000','2026-11-22 18:00:00.000000',0,4);
INSERT INTO "articles" VALUES('a5','harbour','Harbour Post','https://news.example/5?a=1&b=2','Bridge over the Tumen opens to lorries','Words about it.','','en','wire','KR','2026-11-23 09:40:00.000000','2026-11-23 10:00:00.000000',1,6);
INSERT INTO "articles" VALUES('a0','taiga','Taiga Wire','https://news.example/0?a=1&b=2','Freighter from Rajin unloads in Vladivostok','','','en','wire','KR','2026-11-22 05:40:00.000000','2026-11-22 06:00:00.000000',1,7);
INSERT INTO "articles" VALUES('a2','taiga','Taiga Wire','https://news.example/2?a=1&b=2','라진항 화물선, 러시아 항구 도착','Words about it.','','ko','wire','KR','2026-11-22 13:40:00.000000','2026-11-22 14:00:00.000000',1,3);
INSERT INTO "articles" VALUES('a4','taiga','Taiga Wire','https://news.example/4?a=1&b=2','Ministers sign a fuel memorandum','Words about it.','The whole page.','en','wire','KR','2026-11-22 21:40:00.000000','2026-11-22 22:00:00.000000',1,5);
INSERT INTO "articles" VALUES('a6','taiga','Taiga Wire','','Harvest festival draws crowds','','','en','wire','KR','2026-11-23 10:40:00.000000','2026-11-23 11:00:00.000000',1,NULL);
CREATE TABLE decisions (
	id INTEGER NOT NULL, 
	article_id TEXT NOT NULL, 
	model TEXT NOT NULL, 
	watch TEXT NOT NULL, 
	settings TEXT NOT NULL, 
	score FLOAT NOT NULL, 
	digest BOOLEAN NOT NULL, 
	alert BOOLEAN NOT NULL, 
	themes JSON NOT NULL, 
	reasons JSON NOT NULL, 
	terms JSON NOT NULL, 
	decided_at DATETIME NOT NULL, 
	late BOOLEAN NOT NULL, 
	CONSTRAINT pk_decisions PRIMARY KEY (id), 
	CONSTRAINT fk_decisions_article_id FOREIGN KEY(article_id) REFERENCES articles (id) ON DELETE CASCADE, 
	CONSTRAINT uq_decisions_article_id_model_watch_settings UNIQUE (article_id, model, watch, settings)
);
INSERT INTO "decisions" VALUES(1,'a0','m0','w0','s0',0.97,1,1,'["sanctions"]','[{"kind": "names", "text": "North Korea and Russia in one sentence", "weight": 2.5}, {"kind": "watch", "text": "shell shipments", "weight": -1.0}]','["shell shipments"]','2026-11-22 06:10:00.000000',0);
INSERT INTO "decisions" VALUES(2,'a1','m0','w0','s0',0.9,1,0,'["sanctions"]','[{"kind": "names", "text": "North Korea and Russia in one sentence", "weight": 2.5}, {"kind": "watch", "text": "shell shipments", "weight": -1.0}]','[]','2026-11-22 10:10:00.000000',0);
INSERT INTO "decisions" VALUES(3,'a2','m0','w0','s0',0.93,1,0,'["sanctions"]','[{"kind": "names", "text": "North Korea and Russia in one sentence", "weight": 2.5}, {"kind": "watch", "text": "shell shipments", "weight": -1.0}]','["shell shipments"]','2026-11-22 14:10:00.000000',0);
INSERT INTO "decisions" VALUES(4,'a3','m0','w0','s0',0.02,0,0,'[]','[{"kind": "names", "text": "North Korea and Russia in one sentence", "weight": 2.5}, {"kind": "watch", "text": "shell shipments", "weight": -1.0}]','[]','2026-11-22 18:10:00.000000',0);
INSERT INTO "decisions" VALUES(5,'a4','m0','w0','s0',0.88,1,0,'["sanctions"]','[{"kind": "names", "text": "North Korea and Russia in one sentence", "weight": 2.5}, {"kind": "watch", "text": "shell shipments", "weight": -1.0}]','[]','2026-11-22 22:10:00.000000',0);
INSERT INTO "decisions" VALUES(6,'a5','m0','w0','s0',0.8,1,0,'["sanctions"]','[{"kind": "names", "text": "North Korea and Russia in one sentence", "weight": 2.5}, {"kind": "watch", "text": "shell shipments", "weight": -1.0}]','[]','2026-11-23 10:10:00.000000',0);
INSERT INTO "decisions" VALUES(7,'a0','m0','w1','s0',0.98,1,1,'["sanctions"]','[{"kind": "names", "text": "North Korea and Russia in one sentence", "weight": 2.5}, {"kind": "watch", "text": "shell shipments", "weight": -1.0}]','["shell shipments"]','2026-11-22 16:00:00.000000',0);
CREATE TABLE deliveries (
	digest_id TEXT NOT NULL, 
	cut DATETIME NOT NULL, 
	part INTEGER NOT NULL, 
	channel TEXT NOT NULL, 
	"key" TEXT NOT NULL, 
	payload JSON NOT NULL, 
	state TEXT NOT NULL, 
	attempts INTEGER NOT NULL, 
	claimed_at DATETIME, 
	ts TEXT NOT NULL, 
	posted_at DATETIME, 
	error TEXT NOT NULL, 
	CONSTRAINT pk_deliveries PRIMARY KEY (digest_id, cut, part), 
	CONSTRAINT uq_deliveries_key UNIQUE ("key")
);
INSERT INTO "deliveries" VALUES('daily','2026-11-22 08:00:00.000000',0,'C0TWINDIG01','daily/2026-11-22T08:00:00+00:00/0','{"text": "part 0", "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "*Freighter* <https://news.example/0|link>"}}]}','posted',1,'2026-11-22 08:00:00.000000','1700000010.000100','2026-11-22 08:01:00.000000','');
INSERT INTO "deliveries" VALUES('daily','2026-11-22 08:00:00.000000',1,'C0TWINDIG01','daily/2026-11-22T08:00:00+00:00/1','{"text": "part 1", "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "*Freighter* <https://news.example/0|link>"}}]}','posted',1,'2026-11-22 08:00:00.000000','1700000011.000100','2026-11-22 08:01:00.000000','');
INSERT INTO "deliveries" VALUES('daily','2026-11-23 09:00:00.000000',0,'C0TWINDIG01','daily/2026-11-23T09:00:00+00:00/0','{"text": "part 0", "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "*Freighter* <https://news.example/0|link>"}}]}','posted',1,'2026-11-23 09:00:00.000000','1700000000.000100','2026-11-23 09:01:00.000000','');
INSERT INTO "deliveries" VALUES('daily','2026-11-23 09:00:00.000000',1,'C0TWINDIG01','daily/2026-11-23T09:00:00+00:00/1','{"text": "part 1", "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "*Freighter* <https://news.example/0|link>"}}]}','ready',1,NULL,'',NULL,'Slack asks to wait');
CREATE TABLE digests (
	digest_id TEXT NOT NULL, 
	cut DATETIME NOT NULL, 
	since DATETIME NOT NULL, 
	channel TEXT NOT NULL, 
	stories INTEGER NOT NULL, 
	articles INTEGER NOT NULL, 
	composed_at DATETIME NOT NULL, 
	CONSTRAINT pk_digests PRIMARY KEY (digest_id, cut)
);
INSERT INTO "digests" VALUES('daily','2026-11-22 08:00:00.000000','2026-11-21 08:00:00.000000','C0TWINDIG01',1,3,'2026-11-22 08:00:00.000000');
INSERT INTO "digests" VALUES('daily','2026-11-23 09:00:00.000000','2026-11-22 09:00:00.000000','C0TWINDIG01',1,1,'2026-11-23 09:00:00.000000');
CREATE TABLE entries (
	feed_id TEXT NOT NULL, 
	entry_key TEXT NOT NULL, 
	article_id TEXT NOT NULL, 
	seen_at DATETIME NOT NULL, 
	CONSTRAINT pk_entries PRIMARY KEY (feed_id, entry_key), 
	CONSTRAINT fk_entries_article_id FOREIGN KEY(article_id) REFERENCES articles (id) ON DELETE CASCADE
);
INSERT INTO "entries" VALUES('harbour','k-a1','a1','2026-11-22 10:00:00.000000');
INSERT INTO "entries" VALUES('harbour','k-a3','a3','2026-11-22 10:00:00.000000');
INSERT INTO "entries" VALUES('harbour','k-a5','a5','2026-11-22 10:00:00.000000');
INSERT INTO "entries" VALUES('taiga','k-a0','a0','2026-11-22 06:00:00.000000');
INSERT INTO "entries" VALUES('taiga','k-a2','a2','2026-11-22 06:00:00.000000');
INSERT INTO "entries" VALUES('taiga','k-a4','a4','2026-11-22 06:00:00.000000');
INSERT INTO "entries" VALUES('taiga','k-a6','a6','2026-11-22 06:00:00.000000');
CREATE TABLE feed_history (
	id INTEGER NOT NULL, 
	feed_id TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	health TEXT NOT NULL, 
	notes JSON NOT NULL, 
	reason TEXT NOT NULL, 
	CONSTRAINT pk_feed_history PRIMARY KEY (id)
);
INSERT INTO "feed_history" VALUES(1,'harbour','2026-11-21 20:00:00.000000','healthy','[]','');
INSERT INTO "feed_history" VALUES(2,'taiga','2026-11-23 09:00:00.000000','failing','["frozen"]','HTTP 500');
CREATE TABLE feed_states (
	feed_id TEXT NOT NULL, 
	url TEXT NOT NULL, 
	etag TEXT NOT NULL, 
	last_modified TEXT NOT NULL, 
	body_hash TEXT NOT NULL, 
	failures FLOAT NOT NULL, 
	interval_seconds FLOAT, 
	next_fetch_at DATETIME, 
	last_fetch_at DATETIME, 
	last_success_at DATETIME, 
	last_full_fetch_at DATETIME, 
	last_new_at DATETIME, 
	health TEXT NOT NULL, 
	notes JSON NOT NULL, 
	reason TEXT NOT NULL, 
	entry_keys JSON NOT NULL, 
	CONSTRAINT pk_feed_states PRIMARY KEY (feed_id)
);
INSERT INTO "feed_states" VALUES('harbour','https://harbour.example/rss','"e1"','Mon, 23 Nov 2026 10:00:00 GMT','abc',0.0,1800.0,'2026-11-23 12:00:00.000000','2026-11-23 11:00:00.000000','2026-11-23 11:00:00.000000','2026-11-23 10:00:00.000000','2026-11-23 11:00:00.000000','healthy','["teaser_only"]','','["k-a1", "k-a3", "k-a5"]');
INSERT INTO "feed_states" VALUES('taiga','https://taiga.example/rss','','','',2.5,NULL,NULL,'2026-11-23 11:00:00.000000',NULL,NULL,NULL,'failing','[]','HTTP 500','[]');
CREATE TABLE labels (
	id INTEGER NOT NULL, 
	article_id TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	value TEXT NOT NULL, 
	who TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	text TEXT NOT NULL, 
	model TEXT NOT NULL, 
	CONSTRAINT pk_labels PRIMARY KEY (id)
);
INSERT INTO "labels" VALUES(1,'a0','relevance','relevant','U1','2026-11-23 10:00:00.000000','Freighter from Rajin','m0');
INSERT INTO "labels" VALUES(2,'a3','theme','sanctions','U2','2026-11-23 11:00:00.000000','Choir tours the coast','');
CREATE TABLE models (
	version TEXT NOT NULL, 
	made_at DATETIME NOT NULL, 
	card JSON NOT NULL, 
	archive BLOB NOT NULL, 
	promoted_at DATETIME, 
	CONSTRAINT pk_models PRIMARY KEY (version)
);
INSERT INTO "models" VALUES('m0','2026-11-15 04:00:00.000000','{"version": "m0", "thresholds": {"digest": 0.5, "alert": 0.95, "themes": {}}, "figures": {"ap": 0.9}}',X'000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F202122232425262728292A2B2C2D2E2F303132333435363738393A3B3C3D3E3F404142434445464748494A4B4C4D4E4F505152535455565758595A5B5C5D5E5F606162636465666768696A6B6C6D6E6F707172737475767778797A7B7C7D7E7F808182838485868788898A8B8C8D8E8F909192939495969798999A9B9C9D9E9FA0A1A2A3A4A5A6A7A8A9AAABACADAEAFB0B1B2B3B4B5B6B7B8B9BABBBCBDBEBFC0C1C2C3C4C5C6C7C8C9CACBCCCDCECFD0D1D2D3D4D5D6D7D8D9DADBDCDDDEDFE0E1E2E3E4E5E6E7E8E9EAEBECEDEEEFF0F1F2F3F4F5F6F7F8F9FAFBFCFDFEFF','2026-11-15 05:00:00.000000');
CREATE TABLE predictions (
	article_id TEXT NOT NULL, 
	model TEXT NOT NULL, 
	probability FLOAT NOT NULL, 
	themes JSON NOT NULL, 
	reasons JSON NOT NULL, 
	CONSTRAINT pk_predictions PRIMARY KEY (article_id, model), 
	CONSTRAINT fk_predictions_article_id FOREIGN KEY(article_id) REFERENCES articles (id) ON DELETE CASCADE
);
INSERT INTO "predictions" VALUES('a0','m0',0.97,'{"sanctions": 0.4, "arms": 0.1}','[{"kind": "names", "text": "North Korea and Russia in one sentence", "weight": 2.5}, {"kind": "watch", "text": "shell shipments", "weight": -1.0}]');
INSERT INTO "predictions" VALUES('a1','m0',0.9,'{"sanctions": 0.4, "arms": 0.1}','[{"kind": "names", "text": "North Korea and Russia in one sentence", "weight": 2.5}, {"kind": "watch", "text": "shell shipments", "weight": -1.0}]');
INSERT INTO "predictions" VALUES('a2','m0',0.93,'{"sanctions": 0.4, "arms": 0.1}','[{"kind": "names", "text": "North Korea and Russia in one sentence", "weight": 2.5}, {"kind": "watch", "text": "shell shipments", "weight": -1.0}]');
INSERT INTO "predictions" VALUES('a3','m0',0.02,'{"sanctions": 0.4, "arms": 0.1}','[{"kind": "names", "text": "North Korea and Russia in one sentence", "weight": 2.5}, {"kind": "watch", "text": "shell shipments", "weight": -1.0}]');
INSERT INTO "predictions" VALUES('a4','m0',0.88,'{"sanctions": 0.4, "arms": 0.1}','[{"kind": "names", "text": "North Korea and Russia in one sentence", "weight": 2.5}, {"kind": "watch", "text": "shell shipments", "weight": -1.0}]');
INSERT INTO "predictions" VALUES('a5','m0',0.8,'{"sanctions": 0.4, "arms": 0.1}','[{"kind": "names", "text": "North Korea and Russia in one sentence", "weight": 2.5}, {"kind": "watch", "text": "shell shipments", "weight": -1.0}]');
CREATE TABLE revisions (
	id INTEGER NOT NULL, 
	article_id TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	title TEXT NOT NULL, 
	summary TEXT NOT NULL, 
	CONSTRAINT pk_revisions PRIMARY KEY (id), 
	CONSTRAINT fk_revisions_article_id FOREIGN KEY(article_id) REFERENCES articles (id) ON DELETE CASCADE
);
INSERT INTO "revisions" VALUES(1,'a1','2026-11-23 11:00:00.000000','Порт принял судно из Раджина','Words about it.');
CREATE TABLE runs (
	id INTEGER NOT NULL, 
	job TEXT NOT NULL, 
	started_at DATETIME NOT NULL, 
	finished_at DATETIME, 
	state TEXT NOT NULL, 
	counts JSON NOT NULL, 
	error TEXT NOT NULL, 
	CONSTRAINT pk_runs PRIMARY KEY (id)
);
INSERT INTO "runs" VALUES(1,'ingest_feeds','2026-11-23 11:00:00.000000','2026-11-23 11:30:00.000000','success','{"feeds": 2, "new": 7}','');
INSERT INTO "runs" VALUES(2,'classify_articles','2026-11-23 11:00:00.000000','2026-11-23 12:00:00.000000','failed','{}','no model');
INSERT INTO "runs" VALUES(3,'send_digests','2026-11-23 12:00:00.000000',NULL,'running','{}','');
CREATE TABLE stories (
	id TEXT NOT NULL, 
	title TEXT NOT NULL, 
	first_seen_at DATETIME NOT NULL, 
	last_seen_at DATETIME NOT NULL, 
	merged_into TEXT, 
	CONSTRAINT pk_stories PRIMARY KEY (id)
);
INSERT INTO "stories" VALUES('st-a0','Freighter from Rajin unloads in Vladivostok','2026-11-22 06:00:00.000000','2026-11-22 14:00:00.000000',NULL);
INSERT INTO "stories" VALUES('st-a4','Ministers sign a fuel memorandum','2026-11-22 22:00:00.000000','2026-11-22 22:00:00.000000',NULL);
INSERT INTO "stories" VALUES('st-a5','Bridge over the Tumen opens to lorries','2026-11-23 10:00:00.000000','2026-11-23 10:00:00.000000',NULL);
CREATE TABLE story_members (
	article_id TEXT NOT NULL, 
	story_id TEXT NOT NULL, 
	joined_at DATETIME NOT NULL, 
	CONSTRAINT pk_story_members PRIMARY KEY (article_id), 
	CONSTRAINT fk_story_members_article_id FOREIGN KEY(article_id) REFERENCES articles (id) ON DELETE CASCADE, 
	CONSTRAINT fk_story_members_story_id FOREIGN KEY(story_id) REFERENCES stories (id)
);
INSERT INTO "story_members" VALUES('a0','st-a0','2026-11-22 06:12:00.000000');
INSERT INTO "story_members" VALUES('a1','st-a0','2026-11-22 10:12:00.000000');
INSERT INTO "story_members" VALUES('a2','st-a0','2026-11-22 14:12:00.000000');
INSERT INTO "story_members" VALUES('a4','st-a4','2026-11-22 22:12:00.000000');
INSERT INTO "story_members" VALUES('a5','st-a5','2026-11-23 10:12:00.000000');
CREATE TABLE told (
	digest_id TEXT NOT NULL, 
	article_id TEXT NOT NULL, 
	story_id TEXT NOT NULL, 
	cut DATETIME NOT NULL, 
	CONSTRAINT pk_told PRIMARY KEY (digest_id, article_id)
);
INSERT INTO "told" VALUES('daily','a0','st-a0','2026-11-22 08:00:00.000000');
INSERT INTO "told" VALUES('daily','a1','st-a0','2026-11-22 08:00:00.000000');
INSERT INTO "told" VALUES('daily','a2','st-a0','2026-11-22 08:00:00.000000');
INSERT INTO "told" VALUES('daily','a4','st-a4','2026-11-23 09:00:00.000000');
CREATE TABLE versions (
	kind TEXT NOT NULL, 
	version TEXT NOT NULL, 
	content TEXT NOT NULL, 
	first_used_at DATETIME NOT NULL, 
	last_used_at DATETIME NOT NULL, 
	CONSTRAINT pk_versions PRIMARY KEY (kind, version)
);
INSERT INTO "versions" VALUES('watch','w0','terms: []
','2026-11-19 08:00:00.000000','2026-11-19 08:00:00.000000');
INSERT INTO "versions" VALUES('watch','w1','terms:
  - name: shells
    any_of: [снаряды, 포탄]
','2026-11-19 08:00:00.000000','2026-11-19 08:00:00.000000');
INSERT INTO "versions" VALUES('monitor','s0','digests: []
','2026-11-19 08:00:00.000000','2026-11-19 08:00:00.000000');
INSERT INTO "versions" VALUES('feeds','f0','feeds: []
','2026-11-19 08:00:00.000000','2026-11-19 08:00:00.000000');
CREATE INDEX ix_articles_seen_at ON articles (seen_at);
CREATE INDEX ix_articles_undecided ON articles (seen_at, id) WHERE decision_id IS NULL;
CREATE INDEX ix_articles_url ON articles (url);
CREATE INDEX ix_deliveries_open ON deliveries (digest_id, cut, part) WHERE state IN ('ready', 'claimed');
CREATE INDEX ix_feed_history_feed_id_at ON feed_history (feed_id, at);
CREATE INDEX ix_labels_article_id ON labels (article_id);
CREATE INDEX ix_labels_who ON labels (who);
CREATE INDEX ix_runs_job_started_at ON runs (job, started_at);
CREATE INDEX ix_stories_last_seen_at ON stories (last_seen_at);
CREATE INDEX ix_told_digest_id_story_id ON told (digest_id, story_id);
CREATE INDEX ix_decisions_decided_at ON decisions (decided_at);
CREATE INDEX ix_decisions_flagged ON decisions (decided_at) WHERE digest;
CREATE INDEX ix_entries_article_id ON entries (article_id);
CREATE INDEX ix_revisions_article_id ON revisions (article_id);
CREATE INDEX ix_story_members_story_id ON story_members (story_id);
COMMIT;
