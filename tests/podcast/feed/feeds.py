"""A feed as programs write them, with what must be kept."""

from __future__ import annotations

ITEMS = """\
    <item>
      <title>One &amp; all</title>
      <description><![CDATA[<p>Keep <b>me</b> ]]&gt; </item></p>]]></description>
      <enclosure url="https://example.org/audio/s1/one%20a.mp3?x=1" length="1000" type="audio/mpeg"/>
      <pubDate>Fri, 27 Nov 2026 10:00:00 +0100</pubDate>
    </item>
    <item>
      <title>Two</title>
      <podcast:transcript url="https://example.org/two.vtt" type="text/vtt"/>
      <enclosure url="https://example.org/audio/two.mp3" length="1" type="audio/mpeg"/>
    </item>
    <item><title>Three</title><enclosure url="https://example.org/audio/three.mp3" length="1" type="audio/mpeg"/></item>
    <item>
      <title>Four</title>
      <podcast:chapters url="https://example.org/4.json" type="application/json+chapters"/>
      <podcast:person role="host">Kept</podcast:person>
      <enclosure url="four.mp3" length="1" type="audio/mpeg"/>
    </item>
    <item/>
"""

FEED = f"""\
<?xml version="1.0" encoding="UTF-8"?>
<!-- made by hand -->
<?xml-stylesheet href="style.xsl"?>
<rss version="2.0" xmlns:podcast="https://podcastindex.org/namespace/1.0" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd">
  <channel>
    <title>Show</title>
    <itunes:author>Änne</itunes:author>
    <unknown   a = 'b'/>
{ITEMS}  </channel>
</rss>
<!-- end -->
"""
