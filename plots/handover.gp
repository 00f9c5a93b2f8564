# SPDX-License-Identifier: GPL-2.0-only
# Draws the pictures of ./mptcp handover, each as PNG and PDF. Runs in the folder of the results,
# where parameters.gp is, and a folder of series for each scheme.

load "parameters.gp"

rows = words(schemes)
wifi_colour = "#0072b2"
cellular_colour = "#d55e00"
path_colour(path) = path == 0 ? wifi_colour : cellular_colour
# Colours of Okabe and Ito, and dashes that tell lines apart in grey print too.
known = "tcp-wifi tcp-cellular mptcp mptcp-backup application tcp-reconnect single-path " \
    . "make-before-break redundant handover interactive aggregate ns3-tcp-wifi ns3-tcp-cellular"
known_colours = "#56b4e9 #e69f00 #009e73 #cc79a7 #000000 #0072b2 #d55e00 " \
    . "#009e73 #000000 #cc79a7 #e69f00 #0072b2 #1f4e79 #7f4f00"
known_dashes = "1 1 1 1 1 2 2 2 2 2 2 4 3 3"
number_of(name) = sum [i = 1:words(known)] (word(known, i) eq name ? i : 0)
scheme_colour(name) = word(known_colours, number_of(name))
scheme_dash(name) = int(word(known_dashes, number_of(name)))
series(name, file) = name . "/" . file . ".dat"
# Texts have | between their lines.
lines(text) = strstrt(text, "|") == 0 ? text : \
    text[1:strstrt(text, "|") - 1] . "\n" . lines(text[strstrt(text, "|") + 1:*])

# An earlier run may have had more to draw.
do for [name in "goodput data-sequence window-rtt queues block-delay schemes strategies map " \
    . "requests-cdf pages-cdf frames-cdf"] {
    system(sprintf("rm -f %s.png %s.pdf", name, name))
}

set encoding utf8
set border 3 linewidth 0.8
set xtics nomirror out scale 0.5
set ytics nomirror out scale 0.5
set grid ytics linecolor rgb "#dddddd" linewidth 0.6 linetype 1
set datafile missing "nan"
shade = "set object 1 rectangle from outage_start, graph 0 to outage_end, graph 1 behind " \
    . "fillcolor rgb '#e2e2e2' fillstyle solid 1 noborder"

# Figures are so many hundredths of an inch wide and high. Their panels stand in rows, one for each
# scheme, and columns; the key is above them, outside of the data.
open_png = "set terminal pngcairo size width * 1.6, height * 1.6 font 'Sans,13' linewidth 1.6; " \
    . "set output figure . '.png'"
open_pdf = "set terminal pdfcairo size width / 100.0, height / 100.0 font 'Sans,8.5' linewidth 1; " \
    . "set output figure . '.pdf'"
panel_height = 105.0
height_of_panels = rows * panel_height + 85
foot(height) = 42.0 / height
head(height) = 1 - 38.0 / height
place = "step = (head(height) - foot(height)) / rows; " \
    . "set tmargin at screen head(height) - (row - 1) * step - 16.0 / height; " \
    . "set bmargin at screen head(height) - row * step + 5.0 / height; " \
    . "set lmargin at screen (62.0 + (column - 1) * (width - 20.0) / columns) / width; " \
    . "set rmargin at screen (column * (width - 20.0) / columns) / width"
time_axis = "set xlabel (row == rows ? 'Time since Connect (s)' : '') offset 0,0.5; " \
    . "set format x (row == rows ? '%g' : '')"
# A key of its own: lines in a panel that is as wide as the figure and has nothing else.
open_key = "unset title; unset xlabel; unset ylabel; unset tics; unset border; unset grid; " \
    . "unset object; unset label; set lmargin at screen 0.02; set rmargin at screen 0.98; " \
    . "set bmargin at screen head(height) + 6.0 / height; set tmargin at screen 1; " \
    . "set xrange [0:1]; set yrange [0:1]; set key center center horizontal maxcols auto " \
    . "maxrows 1 samplen 2 width 1"
close_key = "unset key; unset label; set border 3; set xtics nomirror out scale 0.5; " \
    . "set ytics nomirror out scale 0.5; " \
    . "set grid ytics linecolor rgb '#dddddd' linewidth 0.6 linetype 1"
# One name for the y axes of a column.
name_column = "set label column y_name at screen (column - 1) * (width - 20.0) / columns / width " \
    . "+ 12.0 / width, screen (foot(height) + head(height)) / 2 - 5.0 / height center rotate"
# Some four tics up to the largest value, at 1, 2 or 5 times a power of ten.
power(x) = 10 ** floor(log10(x))
round_step(x) = x / power(x) < 1.5 ? power(x) : x / power(x) < 3.5 ? 2 * power(x) : \
    x / power(x) < 7.5 ? 5 * power(x) : 10 * power(x)
# A series may be empty: a path that lost everything has no samples. Then stats leaves nothing behind.
or_zero(name) = exists(name) ? value(name) : 0
no_stats = "STATS_records = or_zero('STATS_records'); STATS_min = or_zero('STATS_min'); " \
    . "STATS_max = or_zero('STATS_max'); STATS_up_quartile = or_zero('STATS_up_quartile')"
y_tics = "set ytics round_step((largest - least) / 4.0); set yrange [least:largest]"

lines_of(name) = real(system("wc -l <" . series(name, "data-sequence")))
# The most that all accesses carried together, of all schemes.
most_mbps = 1.0
do for [name in schemes] {
    stats series(name, "goodput") using ($2 + $3) nooutput
    eval no_stats
    most_mbps = STATS_max > most_mbps ? STATS_max : most_mbps
}

do for [format in "png pdf"] {
    if (rows > 0) {
    # Goodput of each path, one upon the other, and what the application gets.
    figure = "goodput"
    width = 700
    height = height_of_panels
    columns = 1
    column = 1
    eval format eq "png" ? open_png : open_pdf
    set multiplot
    eval open_key
    y_name = "Goodput (Mb/s)"
    eval name_column
    plot NaN with boxes fillstyle solid 0.8 noborder linecolor rgb wifi_colour title "WiFi", \
        NaN with boxes fillstyle solid 0.8 noborder linecolor rgb cellular_colour title "cellular", \
        NaN with lines linecolor rgb "black" title "delivered in order", \
        NaN with boxes fillstyle solid 1 noborder linecolor rgb "#e2e2e2" \
            title (outage ? "WiFi outage" : "")
    eval close_key
    eval shade
    least = 0
    largest = 1.15 * most_mbps
    set xrange [0:duration]
    eval y_tics
    do for [row = 1:rows] {
        name = word(schemes, row)
        eval place
        eval time_axis
        set title name offset 0,-0.8
        plot series(name, "goodput") using 1:(0):2 with filledcurves fillstyle solid 0.8 \
                linecolor rgb wifi_colour, \
            "" using 1:2:($2 + $3) with filledcurves fillstyle solid 0.8 \
                linecolor rgb cellular_colour, \
            "" using 1:($4 > largest ? largest : $4) with lines linewidth 0.8 linecolor rgb "black"
    }
    unset multiplot

    # Where each byte of the stream went: the whole run, and the beginning of the outage.
    figure = "data-sequence"
    columns = 2
    width = 900
    eval format eq "png" ? open_png : open_pdf
    set multiplot
    eval open_key
    y_name = "Data sequence (MB)"
    do for [column = 1:2] {
        eval name_column
    }
    plot NaN with points pointtype 7 pointsize 0.9 linecolor rgb wifi_colour title "WiFi", \
        NaN with points pointtype 7 pointsize 0.5 linecolor rgb cellular_colour title "cellular", \
        NaN with points pointtype 2 pointsize 0.6 linecolor rgb "black" title "sent again on another access", \
        NaN with boxes fillstyle solid 1 noborder linecolor rgb "#e2e2e2" \
            title (outage ? "WiFi outage" : "")
    eval close_key
    eval shade
    do for [row = 1:rows] {
        name = word(schemes, row)
        do for [column = 1:2] {
            eval place
            eval time_axis
            begin = 0
            end = duration
            if (column == 2) {
                # The moment at which the outage begins, or that at which the first byte is sent.
                begin = outage ? outage_start - 0.2 : real(system( \
                    "awk '/^[0-9]/ { print at = $1; exit } END { if (at == \"\") print 0 }' " \
                    . series(name, "data-sequence")))
                end = begin + 1
            }
            # More points than pixels only make files large. Both paths send from the same place of
            # the stream at the same time: the smaller points are upon the larger ones.
            every_nth = column == 1 ? 1 + int(lines_of(name) / 5000) : 1
            data = sprintf("< awk '$1 >= %g && $1 <= %g && NR %% %d == 0' %s", \
                begin, end, every_nth, series(name, "data-sequence"))
            set autoscale
            stats data using ($6 == 0 ? $4 / 1e6 : NaN) nooutput
            eval no_stats
            least = column == 1 || STATS_records == 0 ? 0 : STATS_min
            largest = STATS_records < 2 ? least + 1 : STATS_max
            set xrange [begin:end]
            eval y_tics
            set title name . (column == 1 ? "" : outage ? ", as the outage begins" : ", the start") \
                offset 0,-0.8
            plot for [path = 0:1] data using ($3 == path && $6 == 0 ? $1 : NaN):($4 / 1e6) \
                    with points pointtype 7 pointsize (path == 0 ? 0.45 : 0.15) \
                    linecolor rgb path_colour(path), \
                for [path = 0:1] "" \
                    using ($3 == path && $6 > 0 ? $1 : NaN):($4 / 1e6) \
                    with points pointtype 2 pointsize 0.35 linecolor rgb "black"
        }
    }
    unset multiplot

    # Congestion window and round-trip time and time-out of each subflow.
    figure = "window-rtt"
    columns = 3
    width = 1100
    eval format eq "png" ? open_png : open_pdf
    set multiplot
    eval open_key
    do for [column = 1:columns] {
        y_name = column == 1 ? "Congestion window (kB)" : column == 2 ? "Smoothed RTT (ms)" : \
            "Retransmission time-out (ms)"
        eval name_column
    }
    plot NaN with lines linewidth 1.5 linecolor rgb wifi_colour title "WiFi subflow", \
        NaN with lines linewidth 1.5 linecolor rgb cellular_colour title "cellular subflow", \
        NaN with boxes fillstyle solid 1 noborder linecolor rgb "#e2e2e2" \
            title (outage ? "WiFi outage" : "")
    eval close_key
    eval shade
    set xrange [0:duration]
    do for [row = 1:rows] {
        name = word(schemes, row)
        do for [column = 1:columns] {
            eval place
            eval time_axis
            set title name offset 0,-0.8
            set autoscale
            stats series(name, "window") using 2 nooutput
            eval no_stats
            last_flow = STATS_max
            stats series(name, "window") using (column == 1 ? $4 / 1e3 : column == 2 ? $7 : $8) nooutput
            eval no_stats
            least = 0
            # The first sample after a long silence may be a hundred times the others.
            largest = STATS_max == 0 ? 1 : column == 1 ? 1.05 * STATS_max : \
                STATS_max < 3 * STATS_up_quartile || column == 3 ? 1.05 * STATS_max : \
                3 * STATS_up_quartile
            # Rows of the other subflow between those of one do not break its line.
            set datafile missing NaN
            set xrange [0:duration]
            if (column == 3) {
                # Each time-out in a row doubles it.
                set logscale y
                set ytics autofreq
                set yrange [10:1000 * ceil(largest / 1000.0)]
            } else {
                eval y_tics
            }
            rgb_of(path) = path == 0 ? 0x0072b2 : 0xd55e00
            plot for [flow = 0:last_flow] series(name, "window") \
                using ($2 == flow ? $1 : NaN):(column == 1 ? $4 / 1e3 : column == 2 ? $7 : $8): \
                (rgb_of($3)) with lines linewidth 0.8 linecolor rgb variable
            set datafile missing "nan"
            unset logscale y
        }
    }
    unset multiplot

    # What waits: in front of each access, and at the receiver.
    figure = "queues"
    columns = 2
    width = 900
    eval format eq "png" ? open_png : open_pdf
    set multiplot
    eval open_key
    do for [column = 1:2] {
        y_name = column == 1 ? "Queue in front of the access (packets)" : \
            "Waiting for a hole at the receiver (kB)"
        eval name_column
    }
    plot NaN with lines linewidth 1.5 linecolor rgb wifi_colour title "WiFi", \
        NaN with lines linewidth 1.5 linecolor rgb cellular_colour title "cellular", \
        NaN with lines linewidth 1.5 linecolor rgb "black" title "received out of order", \
        NaN with boxes fillstyle solid 1 noborder linecolor rgb "#e2e2e2" \
            title (outage ? "WiFi outage" : "")
    eval close_key
    eval shade
    do for [row = 1:rows] {
        name = word(schemes, row)
        do for [column = 1:2] {
            eval place
            eval time_axis
            set title name offset 0,-0.8
            set autoscale
            least = 0
            largest = column == 1 ? 1 : 1e4
            do for [field = (column == 1 ? 2 : 4):(column == 1 ? 3 : 4)] {
                stats series(name, "queue") using (column(field)) nooutput
                eval no_stats
                largest = STATS_max > largest ? STATS_max : largest
            }
            largest = column == 1 ? 1.05 * largest : 1.05 * largest / 1e3
            set xrange [0:duration]
            eval y_tics
            if (column == 1) {
                plot for [path = 0:1] series(name, "queue") using 1:(column(path + 2)) with lines \
                    linewidth 0.8 linecolor rgb path_colour(path)
            } else {
                plot series(name, "queue") using 1:($4 / 1e3) with lines linewidth 0.8 \
                    linecolor rgb "black"
            }
        }
    }
    unset multiplot

    # How long blocks of data took.
    figure = "block-delay"
    width = 600
    height = 380
    eval format eq "png" ? open_png : open_pdf
    unset object
    unset label
    unset title
    unset lmargin
    unset rmargin
    unset tmargin
    unset bmargin
    set format x "%g"
    set key outside top center horizontal samplen 2 width 1
    set logscale x
    any = 0
    do for [name in schemes] {
        stats series(name, "block-delay-cdf") using 1 nooutput
        eval no_stats
        any = any + STATS_records
    }
    if (any > 0) {
        set xrange [*:*]
    } else {
        set xrange [1:1000]
    }
    set yrange [0:1]
    set ytics 0.2
    set grid xtics ytics
    set xlabel sprintf("Delay of a block of %g kB, first transmission to delivery in order (ms)", \
        block_kb) offset 0,0
    set ylabel "Part of the blocks" offset 0,0
    plot for [name in schemes] series(name, "block-delay-cdf") using 1:2 with steps linewidth 1.6 \
        dashtype scheme_dash(name) linecolor rgb scheme_colour(name) title name
    unset logscale
    unset grid
    set grid ytics

    # All schemes side by side.
    figure = "schemes"
    width = 800
    eval format eq "png" ? open_png : open_pdf
    eval shade
    set key outside right center vertical maxrows auto maxcols 1 samplen 2 width 1
    set xrange [0:duration]
    set yrange [0:*]
    set ytics autofreq
    set xlabel "Time since Connect (s)"
    set ylabel "Goodput, mean of 0.5 s (Mb/s)"
    plot for [name in schemes] series(name, "goodput") \
        using (floor($1 * 2) / 2.0 + 0.25):($2 + $3) smooth unique with lines linewidth 1.6 \
        dashtype scheme_dash(name) linecolor rgb scheme_colour(name) title name
    unset object
    unset key
    unset xlabel
    unset ylabel
    set output
    }

    # Strategies at work: what each access carried, the signal that they saw, what they did.
    if (words(managed) > 0) {
        figure = "strategies"
        rows = words(managed)
        width = 800
        height = rows * 150.0 + 85
        columns = 1
        column = 1
        eval format eq "png" ? open_png : open_pdf
        set multiplot
        eval open_key
        y_name = "Goodput (Mb/s)"
        eval name_column
        plot NaN with boxes fillstyle solid 0.8 noborder linecolor rgb wifi_colour title "WiFi", \
            NaN with boxes fillstyle solid 0.8 noborder linecolor rgb cellular_colour \
                title "cellular", \
            NaN with lines linewidth 1.4 dashtype 2 linecolor rgb "black" \
                title "WiFi's signal (right)", \
            NaN with points pointtype 9 pointsize 1 linecolor rgb "black" title "used from here", \
            NaN with points pointtype 10 pointsize 1 linecolor rgb "black" title "backup", \
            NaN with points pointtype 2 pointsize 1 linecolor rgb "black" title "closed", \
            NaN with boxes fillstyle solid 1 noborder linecolor rgb "#e2e2e2" \
                title (outage ? "WiFi outage" : "")
        eval close_key
        eval shade
        set ytics nomirror
        set y2tics nomirror out scale 0.5 20
        set border 11
        do for [row = 1:rows] {
            name = word(managed, row)
            eval place
            set rmargin at screen 1 - 60.0 / width
            eval time_axis
            least = 0
            largest = 1.35 * most_mbps
            set xrange [0:duration]
            eval y_tics
            set y2range [-110:-30]
            set title name offset 0,-0.8
            if (row == (rows + 1) / 2) {
                set y2label "Signal (dBm)" offset -1,0
            } else {
                unset y2label
            }
            # Marks of WiFi stand above those of cellular.
            mark(access) = largest * (access == 0 ? 0.95 : 0.82)
            mark_colour(access) = access == 0 ? 0x0072b2 : 0xd55e00
            plot series(name, "goodput") using 1:(0):2 with filledcurves fillstyle solid 0.8 \
                    linecolor rgb wifi_colour, \
                "" using 1:2:($2 + $3) with filledcurves fillstyle solid 0.8 \
                    linecolor rgb cellular_colour, \
                series(name, "signal") using 1:2 axes x1y2 with lines linewidth 1 dashtype 2 \
                    linecolor rgb "black", \
                for [use = 0:2] series(name, "decisions") \
                    using ($3 == use ? $1 : NaN):(mark($2)):(mark_colour($2)) with points \
                    pointtype (use == 0 ? 2 : use == 1 ? 10 : 9) pointsize 0.9 \
                    linecolor rgb variable
        }
        unset multiplot
        unset y2tics
        unset y2label
        set border 3
        unset object
        unset title
        set output
    }

    # What the network is made of, and where the phone goes.
    figure = "map"
    width = 800
    height = map eq "" ? 240 : 600
    eval format eq "png" ? open_png : open_pdf
    set multiplot
    unset key
    unset border
    unset tics
    unset grid
    unset title
    unset xlabel
    unset ylabel
    set format x "%g"
    set lmargin at screen 0
    set rmargin at screen 1
    set bmargin at screen 1 - 230.0 / height
    set tmargin at screen 1
    set xrange [0:10]
    set yrange [0:4]
    box(i, x, y) = sprintf("set object %d rectangle center %g, %g size 1.5, 0.8 " \
        . "fillcolor rgb 'white' fillstyle solid 1 border rgb 'black' front; ", i, x, y)
    name_box(i, x, y, text) = sprintf("set label %d '%s' at %g, %g center front; ", i, text, x, y)
    eval box(1, 1, 2) . name_box(1, 1, 2, "phone")
    eval box(2, 5.2, 3.2) . name_box(2, 5.2, 3.2, "WiFi router")
    eval box(3, 5.2, 0.8) . name_box(3, 5.2, 0.8, "cellular router")
    eval box(4, 7, 2) . name_box(4, 7, 2, "backbone")
    eval box(5, 9.2, 2) . name_box(5, 9.2, 2, "server")
    set arrow 1 from 1, 2 to 5.2, 3.2 nohead linewidth 2.5 linecolor rgb wifi_colour
    set arrow 2 from 1, 2 to 5.2, 0.8 nohead linewidth 2.5 dashtype 2 linecolor rgb cellular_colour
    set arrow 3 from 5.2, 3.2 to 7, 2 nohead
    set arrow 4 from 5.2, 0.8 to 7, 2 nohead
    set arrow 5 from 7, 2 to 9.2, 2 nohead
    set label 6 "WiFi: " . lines(wifi_text) at 2.6, 3.55 center front
    set label 7 "cellular: " . lines(cellular_text) at 2.6, 1.05 center front
    set label 8 lines(server_text) at 8.1, 3.1 center front
    set label 9 (phones > 1 ? sprintf("one of %d", phones) : "") at 1, 1.3 center front
    plot NaN
    unset object
    unset label
    unset arrow
    if (map ne "") {
        set border 3 linewidth 0.8
        set xtics nomirror out scale 0.5 autofreq
        set ytics nomirror out scale 0.5 autofreq
        set grid xtics ytics linecolor rgb "#dddddd" linewidth 0.6 linetype 1
        set lmargin at screen 70.0 / width
        set rmargin at screen 1 - 30.0 / width
        set bmargin at screen 50.0 / height
        set tmargin at screen 1 - 270.0 / height
        set key at screen 0.5, screen 1 - 245.0 / height center top horizontal samplen 2 width 1
        set xlabel "Position (m)" offset 0,0.3
        set ylabel "Position (m)"
        set autoscale
        set offsets graph 0.06, graph 0.06, graph 0.08, graph 0.08
        of(kind) = sprintf("< grep '^%s ' %s/places.dat || echo x nan nan", kind, map)
        path = map . "/path.dat"
        # A number every few seconds tells when the phone was there.
        stats path using 1 nooutput
        eval no_stats
        mark = int(10 * round_step(STATS_max / 8.0 < 1 ? 1 : STATS_max / 8.0))
        # Times on the way out stand above the line, those on the way back below it.
        before = 0
        is_back(x) = (step = x - before, before = x, step < 0)
        time_label(time) = sprintf("%g s", time)
        plot path using 2:3 with lines linewidth 1.4 linecolor rgb "black" title "way of the phone", \
            "" using 2:3 every mark with points pointtype 7 pointsize 0.6 linecolor rgb "black" \
                notitle, \
            "" using 2:(is_back($2) ? NaN : $3):(time_label($1)) every mark with labels left \
                rotate by 40 offset 0.2,0.6 notitle, \
            "" using 2:(is_back($2) ? $3 : NaN):(time_label($1)) every mark with labels left \
                rotate by -40 offset 0.2,-0.6 notitle, \
            of("access-point") using 2:3 with points pointtype 9 pointsize 2 \
                linecolor rgb wifi_colour title "access point", \
            of("cell") using 2:3 with points pointtype 5 pointsize 2 \
                linecolor rgb cellular_colour title "cell", \
            of("other-phone") using 2:3 with points pointtype 6 pointsize 1 \
                linecolor rgb "black" title (phones > 1 ? "other phones" : "")
        set offsets
        unset key
        unset xlabel
        unset ylabel
        set format x "%g"
    }
    unset multiplot
    set border 3 linewidth 0.8
    set xtics nomirror out scale 0.5 autofreq
    set ytics nomirror out scale 0.5 autofreq
    set grid noxtics ytics linecolor rgb "#dddddd" linewidth 0.6 linetype 1
    set output

    # How long small things took.
    do for [kind in "requests pages frames"] {
        names = value(kind . "_schemes")
        if (words(names) > 0) {
            figure = kind . "-cdf"
            width = 800
            height = 400
            eval format eq "png" ? open_png : open_pdf
            set lmargin
            set rmargin
            set tmargin
            set bmargin
            set key outside right center vertical maxrows auto maxcols 1 samplen 2 width 1
            set format x "%g"
            set logscale x
            set xrange [*:*]
            set yrange [0:1]
            set ytics 0.2
            set grid xtics ytics linecolor rgb "#dddddd" linewidth 0.6 linetype 1
            set xlabel kind eq "requests" ? "Time from a request to its last byte (ms)" : \
                kind eq "pages" ? "Time until a page is complete (ms)" : \
                "Age of a frame when the phone can read it (ms)" offset 0,0
            set ylabel "Part of the " . kind offset 0,0
            if (kind eq "frames") {
                set arrow 1 from deadline_ms, graph 0 to deadline_ms, graph 1 nohead dashtype 3 \
                    linecolor rgb "black"
                set label 1 " deadline" at deadline_ms, graph 0.05
            }
            plot for [name in names] name . "/" . kind . "/delay-cdf.dat" using 1:2 with steps \
                linewidth 1.6 dashtype scheme_dash(name) linecolor rgb scheme_colour(name) \
                title name
            unset arrow
            unset label
            unset logscale
            unset grid
            set grid ytics linecolor rgb "#dddddd" linewidth 0.6 linetype 1
            unset xlabel
            unset ylabel
            unset key
            set output
        }
    }
    rows = words(schemes)
}
